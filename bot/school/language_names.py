"""What families call languages, beyond each language's own name and the names in the standard locale data.

Several of these readers (Somali, Haitian Creole) are missing or mistaken in that data. Cantonese is left out
on purpose: it is written as Chinese, but an interpreter of Mandarin is of no use to its speakers.
"""

from __future__ import annotations

from collections.abc import Mapping

ALSO: Mapping[str, tuple[str, ...]] = {
    "en": (
        "英語", "anh ngữ", "انجليزي", "إنكليزي", "انكليزية", "englizi", "ingriisi", "ingiriis",
        "ingiriisiga", "luqadda ingiriisiga", "anglè", "по-английски", "английском", "англ", "inglis",
    ),
    "es": (
        "castellano", "espanol", "西班牙語", "西语", "tây ban nha", "إسباني", "اسبانيه", "panyòl", "espanyòl", "castelhano",
        "по-испански", "испанском", "castillan", "isbaanishka", "서반아어", "Kastila",
    ),
    "zh-Hans": (
        "mandarin", "putonghua", "zhongwen", "chinese", "中国话", "普通话", "汉语", "漢語", "普通話", "國語", "tiếng Hoa",
        "tiếng Tàu", "tiếng Quan Thoại", "صيني", "الماندرين", "Shiine", "af shiine", "chinwa", "mandaren",
        "chinwa senplifye", "mandarim", "по-китайски", "китайском", "мандарин", "만다린", "Tsino", "intsik", "pinasimpleng Tsino",
    ),
    "vi": (
        "viet", "tieng viet", "越南語", "越语", "فيتنامي", "Fiyetnaamiis", "af fiyatnaam", "fiyatnaamiis", "fitnaamiis",
        "vyetnamyen", "по-вьетнамски", "вьетнамском", "월남어", "Biyetnames", "byetnames",
    ),
    "ar": ("arabi", "عربي", "عربيه", "阿拉伯語", "ả rập", "3arabi", "arab", "по-арабски", "арабском", "carabiga",
           "아라비아어", "arabik"),
    "so": (
        "af soomaali", "af-soomaali", "索馬里語", "索馬利亞語", "صومالي", "somalyen", "soomaaliga", "сомалийский", "сомалийском", "somalien", "소말리어",
    ),
    "ht": (
        "creole", "kreyol", "haitian", "criollo", "海地语", "海地克里奧爾語", "كريول", "هايتي", "الهايتية",
        "Kiriyoolka Haiti", "af haiti", "kiriyool", "ayisyen", "crioulo", "креольский", "гаитянском", "haïtien", "아이티 크레올어",
        "아이티 크리올어", "Kriolyo ng Haiti",
    ),
    "pt-BR": (
        "portugues", "brazilian", "brasileño", "葡萄牙語", "葡语", "bồ đào nha", "برتغالي", "برازيلي", "burtuqiis", "pòtigè",
        "pòtigè brezil", "brezilyen", "brasileiro", "по-португальски", "португальском", "бразильский", "brésilien", "Portuges",
        "Portuges ng Brazil",
    ),
    "ru": ("俄語", "روسي", "ris", "по-русски", "русском", "russkiy", "russky"),
    "fr": ("法語", "فرنسي", "فرنساوي", "franse", "по-французски", "французском", "불어", "Pranses"),
    "ko": (
        "韓語", "韩文", "朝鲜语", "tiếng Triều Tiên", "كوري", "kuuriya", "koreyen", "по-корейски", "корейском", "한국말", "우리말",
        "한글", "hangul", "hangugeo", "Koreano",
    ),
    "fil": (
        "tagalog", "pilipino", "tagalo", "菲律賓語", "他加禄语", "塔加洛语", "tiếng Phi", "فلبيني", "تاغالوغ", "التاغالوغية",
        "Filibiin", "af filibiin", "tagaalog", "filipen", "тагальский", "тагальском", "филиппинском", "тагалог", "philippin", "타갈로그어",
    ),
    "hmn": ("hmong",),
}  # fmt: skip
"""Further names by tag, as they are typed: compared folded, so accents and case do not matter."""
