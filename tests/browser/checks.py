"""What every page must keep: measured in the browser, as a reader with a keyboard or a small screen meets it."""

from __future__ import annotations

from typing import Any

MEASURE = """() => {
  const visible = (e) => { const b = e.getBoundingClientRect(), s = getComputedStyle(e);
    return b.width > 0 && b.height > 0 && s.visibility !== 'hidden' && s.opacity !== '0' && !e.closest('.visually-hidden') };
  const name = (e) => (e.getAttribute('aria-label') || (e.labels && [...e.labels].map(l => l.textContent).join(' '))
    || (e.getAttribute('aria-labelledby') || '').split(' ').map(i => document.getElementById(i)?.textContent || '').join(' ')
    || e.textContent || e.title || e.alt || [...e.querySelectorAll('img')].map(i => i.alt).join('')).trim();
  const parse = (c) => { const n = c.match(/[\\d.]+/g).map(Number); return {r: n[0], g: n[1], b: n[2], a: n.length > 3 ? n[3] : 1} };
  const light = ({r, g, b}) => { const f = [r, g, b].map(v => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4 });
    return 0.2126 * f[0] + 0.7152 * f[1] + 0.0722 * f[2] };
  const behind = (e) => { for (let n = e; n; n = n.parentElement) { const c = parse(getComputedStyle(n).backgroundColor); if (c.a === 1) return c } return {r: 255, g: 255, b: 255} };
  const ratio = (e) => { const a = light(parse(getComputedStyle(e).color)), b = light(behind(e)); return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) };
  const where = (e) => e.tagName.toLowerCase() + '.' + (e.className || '') + ' "' + name(e).slice(0, 40) + '"';
  const texts = [...document.querySelectorAll('body *')].filter(e => visible(e) && !e.disabled &&
    [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()));
  const faint = texts.filter(e => { const s = getComputedStyle(e), px = parseFloat(s.fontSize);
    const big = px >= 24 || (px >= 18.66 && Number(s.fontWeight) >= 700); return ratio(e) < (big ? 3 : 4.5) - 0.01 });
  const targets = [...document.querySelectorAll('button, select, input:not([type=hidden]), textarea, summary, nav a, .btn')].filter(visible);
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  const levels = [...document.querySelectorAll('h1,h2,h3,h4')].map(e => Number(e.tagName[1]));
  return {
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    h1: document.querySelectorAll('h1').length,
    mains: document.querySelectorAll('main').length,
    lang: document.documentElement.lang, dir: document.documentElement.dir, title: document.title,
    nameless: [...document.querySelectorAll('button, a[href], select, input:not([type=hidden]), textarea')].filter(e => !name(e)).map(where),
    unlabelled: [...document.querySelectorAll('select, input:not([type=hidden]), textarea')].filter(e => !(e.labels && e.labels.length) && !e.getAttribute('aria-label')).map(where),
    faint: faint.map(e => where(e) + ' ' + ratio(e).toFixed(2)),
    small: targets.filter(e => { const b = e.getBoundingClientRect(); return b.width < 24 || b.height < 24 }).map(where),
    doubled: ids.filter((id, i) => ids.indexOf(id) !== i),
    jumps: levels.filter((l, i) => i && l > levels[i - 1] + 1),
    adrift: ['aria-labelledby', 'aria-describedby'].flatMap(a => [...document.querySelectorAll(`[${a}]`)].flatMap(e => e.getAttribute(a).split(' ').filter(i => !document.getElementById(i)))),
  };
}"""


def check_page(page: Any) -> dict[str, Any]:
    """Measure a page and assert what holds on all of them; the measures, for more."""
    page.wait_for_load_state("load")  # style sheets included: before them every link is small
    found: dict[str, Any] = page.evaluate(MEASURE)
    assert found["wide"] <= 0, f"scrolls sideways by {found['wide']} px"
    assert (found["h1"], found["mains"]) == (1, 1)
    assert found["title"] and found["lang"]
    for fault in ("nameless", "unlabelled", "faint", "small", "doubled", "jumps", "adrift"):
        assert found[fault] == [], (fault, found[fault])
    return found
