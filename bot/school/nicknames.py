"""Short names that do not show the name behind them, for the names families here give most."""

from __future__ import annotations

_PAIRS = """
katie kate kathy kat kay = katherine kathryn catherine katharine
liz lizzie beth betsy eliza lizbeth = elizabeth
bill billy will willie liam = william
bob bobby rob robbie = robert
dick rick ricky rich = richard
jim jimmy jamie = james
jack johnny jon = john jonathan
mike mikey mickey = michael
maggie meg peggy greta = margaret
sam sammy = samuel samantha samira
alex = alexander alexandra alejandro alejandra alexis
nick nicky = nicholas nicolas
tony = anthony antonio
joe joey = joseph
ben benny = benjamin
matt = matthew
chris = christopher christian christina
dan danny = daniel daniela
ed eddie ted = edward eduardo
tom tommy = thomas
abby = abigail
ellie nora = eleanor elena eleonora
pepe chepe pepito = jose
paco pancho curro = francisco
lupe lupita = guadalupe
nacho = ignacio
beto = alberto roberto humberto norberto
quique kike = enrique
memo guille = guillermo
chuy = jesus
tono = antonio
lalo = eduardo gerardo
chela = graciela
concha conchita = concepcion
mafer = mariafernanda
majo = mariajose
malena = magdalena
lola lolita = dolores
mari = maria
juanito juancho = juan
nando = fernando
rafa = rafael
santi = santiago
seba = sebastian
vale = valeria valentina
xime = ximena
bia = beatriz
cadu = carloseduardo
chico = francisco
duda = eduarda maria eduardo
gabi gaby = gabriela gabriel
gui = guilherme
joca ze zeca = jose joao
lulu = luisa luiza lucia louise
malu = marialuisa marialuiza
nanda = fernanda
rafinha = rafael rafaela
tata = tatiana
katya katia = ekaterina yekaterina
dima mitya = dmitry dmitri dmitriy
sasha shura = alexander alexandra aleksandr aleksandra
misha = mikhail
masha = maria mariya
vanya = ivan
natasha = natalia natalya
nastya = anastasia
lena = elena
olya = olga
sveta = svetlana
tanya = tatiana tatyana
vova volodya = vladimir
zhenya = evgeny evgenia yevgeny
alyosha lyosha = alexey aleksei
kolya = nikolai nikolay
pasha = pavel
petya = pyotr petr
seryozha = sergey sergei
yura = yuri yury
tyoma = artyom artem
abdi cabdi = abdirahman cabdiraxmaan abdullahi cabdullaahi abdirizak
fadumo = faadumo fatima
mo = mohamed muhammad maxamed
migs = miguel
jelly angge = angelica
momo = mohamed maurice
manu = emmanuel manuel
theo = theodore theophile
"""


def _table() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _PAIRS.strip().splitlines():
        short, _, whole = line.partition("=")
        for name in short.split():
            found.setdefault(name, set()).update(whole.split())
    return {name: frozenset(whole) for name, whole in found.items()}


SHORT_FOR = _table()
"""A short name, folded, to the first names it may stand for, folded and without blanks."""
