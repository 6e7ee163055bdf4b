/** Words that end a noun phrase, or are too general to be worth picking up. */
export const NOT_A_THING = new Set(
  `the and but for nor yet not with without from into onto upon over under about above below between among through during before
after since until while because though although unless where when what which who whom whose why how that this these those there here
then than too also very just only even still again once twice never always often ever soon already almost quite rather perhaps maybe
its his her their our your mine yours theirs him them she they you one two three four five six seven eight nine ten both each other others another same such
are was were been being has have had having does did done doing will would shall should can cannot could may might must
can't won't don't doesn't didn't isn't wasn't aren't weren't couldn't wouldn't shouldn't hasn't haven't hadn't
say says said saying tell tells told ask asks asked answer answers speak speaks spoke know knows knew known think thinks thought
see sees saw seen look looks looked hear hears heard feel feels felt come comes came goes went gone get gets got take takes took taken
give gives gave given make makes made put puts set sets keep keeps kept hold holds held leave leaves left let lets stay stays
stand stands stood sit sits sat lie lies lay fall falls fell run runs ran turn turns open opens close closes begin begins began
end ends stop stops start starts move moves live lives lived want wants wanted need needs like likes mean means meant seem seems
become becomes became find finds found write writes wrote written read reads show shows shown wait waits waited remember remembers
own much many more most less least few several some any all every none nothing something anything everything nobody somebody someone anyone everyone
thing things way ways lot kind sort bit time times day days word words line lines message model models language person people part place
first second third last next new old good bad great little long short high low big small whole real right wrong sure able
out off down away back around along across against toward towards within beyond per via else instead however therefore
run turn round actor prompt system user assistant conversation text answer instruction instructions template
hand hands hip head face eye eyes voice mouth finger fingers foot feet shoulder knee knees name names sister brother mother father aunt
shut wide late early next inside outside upstairs downstairs hour hours minute minutes moment
anybody yourself myself itself himself herself themselves ourselves now today tonight tomorrow yesterday`.split(/\s+/),
)
