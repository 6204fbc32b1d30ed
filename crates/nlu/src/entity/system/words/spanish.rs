//! Spanish.

use super::Words;
use std::sync::OnceLock;

/// Spanish.
pub static SPANISH: Words = Words {
    small: "cero=0|uno=1|dos=2|tres=3|cuatro=4|cinco=5|seis=6|siete=7|ocho=8|nueve=9|diez=10|once=11|\
        doce=12|trece=13|catorce=14|quince=15|dieciseis=16|diecisiete=17|dieciocho=18|diecinueve=19|\
        veinte=20|veintiuno=21|veintidos=22|veintitres=23|veinticuatro=24|veinticinco=25|veintiseis=26|\
        veintisiete=27|veintiocho=28|veintinueve=29|treinta=30|un=1|una=1|cuarenta=40|cincuenta=50|\
        sesenta=60|setenta=70|ochenta=80|noventa=90|veintiun=21|veintiuna=21|doscientos=200|\
        doscientas=200|trescientos=300|trescientas=300|cuatrocientos=400|cuatrocientas=400|quinientos=500|\
        quinientas=500|seiscientos=600|seiscientas=600|setecientos=700|setecientas=700|ochocientos=800|\
        ochocientas=800|novecientos=900|novecientas=900",
    scales: "cien=100|ciento=100|mil=1000|millon=1000000|millones=1000000|docena=12|k=1000",
    and: "y",
    compounds: false,
    minus: "menos",
    point: "coma",
    english: false,
    ordinals: "primero=1|primer=1|primera=1|segundo=2|segunda=2|tercero=3|tercer=3|tercera=3|cuarto=4|\
        cuarta=4|quinto=5|quinta=5|sexto=6|sexta=6|septimo=7|septima=7|octavo=8|octava=8|noveno=9|novena=9|decimo=10|decima=10",
    ordinal_endings: "º|ª|o|a|do|er|ro|ra|to",
    percent: "%|por ciento",
    months: "enero=1|febrero=2|marzo=3|abril=4|mayo=5|junio=6|julio=7|agosto=8|septiembre=9|setiembre=9|\
        octubre=10|noviembre=11|diciembre=12|ene=1|feb=2|abr=4|jun=6|jul=7|ago=8|sep=9|sept=9|oct=10|nov=11|dic=12",
    weekdays: "domingo=0|lunes=1|martes=2|miercoles=3|jueves=4|viernes=5|sabado=6",
    days: "hoy=0|esta noche=0|manana=1|pasado manana=2|ayer=-1|anteayer=-2",
    units: "h=h|min=min|seg=s|hora y media=90|segundo=s|segundos=s|minuto=min|minutos=min|hora=h|horas=h|dia=day|dias=day|semana=wk|semanas=wk|mes=mo|\
        meses=mo|ano=yr|anos=yr|\
        media hora=30|cuarto de hora=15|cuartos de hora=15",
    within: "en|dentro de",
    ago_before: "hace",
    ago_after: "",
    next: "proximo|proxima|proximos|proximas",
    last: "ultimo|ultima|ultimos|ultimas",
    this: "este|esta",
    next_after: "proximo|proxima|que viene",
    last_after: "pasado|pasada",
    hours: "mediodia=43200|medianoche=0|al mediodia=43200|a medianoche=0",
    halves: "am=before|a . m .=before|a . m=before|pm=after|p . m .=after|p . m=after|de la manana=before|de la tarde=after|de la noche=night",
    clock: "horas|hora|h",
    past: "cuarto para las=-15|diez para las=-10|cinco para las=-5|veinte para las=-20",
    half_to: "",
    after_hour: "y medio=30|y media=30|y cuarto=15|menos cuarto=-15",
    at: "a las|a la|sobre las|hacia las|desde las|hasta las|despues de las|las",
    parts: "manana=612|tarde=1220|noche=2023|por la manana=612|por la tarde=1220|por la noche=2023",
    fillers: "el|la|de|del|en|dia|,",
    from: "del|desde|entre|de",
    to: "al|hasta|y|a|-|–",
    weekend: "fin de semana",
    index: OnceLock::new(),
};
