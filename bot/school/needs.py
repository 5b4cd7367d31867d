"""What families need, in their words: from a sentence in any language to categories of the directory."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from bot.model.plain_letters import plain


@dataclass(frozen=True, slots=True)
class Need:
    """One kind of help. `codes` are the directory's categories that answer it.

    `examples` are what its vector is made of; `words` are beginnings of words that name it for certain
    (folded: small letters, no accents). `delicate`: the answer must not appear on a screen unasked.
    """

    name: str
    codes: tuple[str, ...]
    examples: tuple[str, ...]
    words: tuple[str, ...] = ()
    delicate: bool = False


NEEDS: tuple[Need, ...] = (
    Need("food", ("food", "meals"),
         ("we need food", "food pantry, free groceries", "my children are hungry", "food stamps, SNAP benefits"),
         ("food", "grocer", "comida", "despensa", "alimento", "thuc an", "thuc pham", "طعام", "غذا", "食物", "食品",
          "cunto", "raashin", "manje", "alimentos", "cesta basica", "еда", "еды", "продукт", "nourriture",
          "alimentaire", "음식", "식료품", "pagkain")),
    Need("summer_meals", ("meals",),
         ("free lunch for children in the summer", "where can kids eat when there is no school"),
         ("summer meal", "summer lunch", "comida de verano", "comidas de verano")),
    Need("clinic", ("clinic",),
         ("a doctor for my child without insurance", "vaccines, check-up, school physical", "health clinic"),
         ("doctor", "clinic", "vaccin", "vacuna", "medico", "bac si", "طبيب", "عيادة", "医生", "诊所", "dhakhtar",
          "medsen", "dokte", "врач", "medecin", "의사", "병원", "doktor")),
    Need("dental", ("dental",),
         ("a dentist for my child", "tooth pain", "teeth cleaning and fillings"),
         ("dentist", "dental", "tooth", "teeth", "muela", "diente", "nha si", "dau rang", "أسنان", "اسنان", "牙",
          "ilko", "ilkaha", "dantis", "зуб", "치과", "ngipin")),
    Need("counsel", ("counsel",),
         ("a counselor or therapist for my child", "mental health support, someone to talk to", "grief support"),
         ("therap", "counsel", "terapi", "psicolog", "consejer", "tam ly", "نفسي", "心理", "психолог",
          "psychologue", "상담")),
    Need("legal", ("legal",),
         ("immigration lawyer", "free legal help with papers", "asylum, work permit, attorney"),
         ("lawyer", "attorney", "legal", "immigra", "abogad", "inmigra", "migra", "luat su", "محام", "律师",
          "qareen", "avoka", "advogad", "адвокат", "юрист", "avocat", "변호사", "abogado")),
    Need("housing", ("housing", "shelter"),
         ("help paying the rent", "we are being evicted", "help with a deposit for an apartment"),
         ("rent", "evict", "renta", "alquiler", "desaloj", "tien nha", "إيجار", "ايجار", "房租", "kiro", "lwaye",
          "aluguel", "аренд", "loyer", "월세")),
    Need("shelter", ("shelter", "housing"),
         ("we have nowhere to sleep tonight", "family shelter", "we are homeless, living in the car"),
         ("shelter", "homeless", "albergue", "refugio", "sin hogar", "vo gia cu", "مأوى", "收容",
          "приют", "hebergement", "쉼터")),
    Need("safety_at_home", ("dv",),
         ("my husband hits me", "confidential help for violence at home", "I am afraid of my partner"),
         ("domestic violence", "violencia domestica", "violencia en casa"), delicate=True),
    Need("english_classes", ("esl",),
         ("English classes for adults", "I want to learn English", "ESL or GED classes for parents"),
         ("esl", "english class", "learn english", "aprender ingles", "clases de ingles", "hoc tieng anh",
          "英语课", "学英语", "курсы английского", "cours d'anglais", "영어 수업")),
    Need("after_school", ("after",),
         ("after-school program for my child", "homework help after school, tutoring", "sports club for kids"),
         ("after school", "afterschool", "after-school", "tutor", "homework help", "despues de la escuela",
          "despues de clases", "extraescolar")),
    Need("disability", ("disab",),
         ("help with a special education meeting", "advocate for my disabled child, IEP", "autism support group"),
         ("iep", "disab", "autis", "discapacidad", "special education", "educacion especial")),
    Need("clothes", ("clothes", "clothing"),
         ("winter coat, shoes and clothes for my kids", "school uniform we cannot afford", "school supplies"),
         ("clothes", "coat", "shoes", "ropa", "zapatos", "chamarra", "uniforme")),
    Need("childcare", ("childcare",),
         ("daycare for my baby", "babysitting while I work", "preschool or head start for my toddler"),
         ("daycare", "day care", "childcare", "child care", "guarderia", "babysit")),
    Need("jobs", ("jobs", "employment"),
         ("I lost my job and look for work", "job training", "help with a resume"),
         ("busco trabajo", "empleo", "job training", "looking for work", "look for work", "find a job")),
    Need("internet", ("internet",),
         ("we have no internet at home", "low-cost computer or wifi"),
         ("internet", "wifi", "wi-fi", "computer", "computadora")),
    Need("transport", ("transport",),
         ("a ride to an appointment", "bus pass, gas money"),
         ("bus pass", "gas money")),
    Need("utilities", ("utilities",),
         ("help paying the electricity or gas bill", "our lights were turned off"),
         ("electric", "light bill", "recibo de luz", "cortar la luz", "utility bill")),
)  # fmt: skip

BY_NAME: Mapping[str, Need] = {need.name: need for need in NEEDS}

OFFERED: tuple[tuple[str, str], ...] = (
    ("food", "utter_need_food"),
    ("clinic", "utter_need_clinic"),
    ("dental", "utter_need_dental"),
    ("counsel", "utter_need_counsel"),
    ("housing", "utter_need_housing"),
    ("legal", "utter_need_legal"),
    ("english_classes", "utter_need_english_classes"),
    ("after_school", "utter_need_after_school"),
    ("other", "utter_need_other"),
)
"""The kinds of help a family is asked to choose from when its words did not say: (need, phrase)."""


def fold(text: str) -> str:
    """Small letters without accents, punctuation as blanks: how texts and words are compared."""
    # Korean taken apart into its letters: a stem is found in "모릅니다" as in "모르다".
    letters = unicodedata.normalize("NFD", plain(text))
    kept = (sign if sign.isalnum() or sign in "'-" else " " for sign in letters)
    return " ".join("".join(kept).split())


_WORDS = tuple((need, fold(word)) for need in NEEDS for word in need.words)


def named_need(text: str) -> Need | None:
    """The need that a text names for certain, by word table; None when it names none, or several.

    The longer word wins where one need is a special case of another ("comida de verano").
    """
    folded = f" {fold(text)} "
    named = [(len(word), need) for need, word in _WORDS if _names(word, folded)]
    if not named:
        return None
    longest = max(length for length, _ in named)
    best = {need.name: need for length, need in named if length == longest}
    special = next(iter(best.values()))
    inside = all(set(need.codes) & set(special.codes) for _, need in named)
    return special if len(best) == 1 and inside else None


def _names(word: str, folded: str) -> bool:
    """Words of alphabets count at the start of a word; in scripts that join words, anywhere."""
    return f" {word}" in folded if word.isascii() or "\u0400" <= word[0] <= "\u04ff" else word in folded
