import type { Words } from './grammar.ts'

/** What every manner may draw on: plain, concrete, a little worn. Nouns come without an article. */
export const WORDS: Words = {
  thing:
    list(`brass key, bread knife, paper boat, green telephone, wicker chair, tin cup, pocket watch, ladder, umbrella, spool of thread,
    glass marble, bicycle bell, suitcase, oil lamp, ticket stub, wooden spoon, magnifying glass, door handle, fishing net, wet coat, enamel bowl,
    tape measure, sheath knife, postcard, clothes peg, typewriter, kettle, single glove, accordion, pencil, rubber stamp, bucket, candle end,
    bath plug, window latch, toolbox, jam jar, pillowcase, compass, whistle, harmonica, birdcage, letter opener, spare tyre, deck chair, napkin ring,
    music box, walking stick, egg timer, barometer, matchbox, shoehorn, chessboard, tuning fork, railway lamp, butter dish, blanket, wall calendar,
    doorbell, water jug, pepper mill, coat hook, sewing box, thermometer, dictionary, flower pot, mousetrap, radio, hearing aid, thimble, rope`),
  small:
    list(`button, crumb, splinter, seed, coin, hairpin, bead, moth, nail, feather, fish scale, sugar cube, screw, stamp, tooth, thread, match, pebble,
    acorn, hinge, drop of wax, paper clip, eyelash, chip of paint, olive stone, shirt stud, grain of rice, snail, drawing pin, fuse`),
  place:
    list(`back stairs, pump house, ticket hall, laundry, upper landing, boat shed, bakery, station buffet, boiler room, allotment, weighbridge,
    coat check, orchard, car park, waiting room, signal box, cellar, roof, school kitchen, ferry landing, archive, swimming bath, chapel, tram depot,
    greenhouse, lift shaft, barber's, post room, reservoir, front porch, sorting office, loading bay, attic, ice rink, lock-keeper's hut, drying loft`),
  person:
    list(`caretaker, bus driver, night nurse, aunt, piano tuner, lodger, postman, ferryman, baker's boy, retired judge, locksmith, seamstress,
    schoolteacher, widow from the corner, plumber, conductor, fishmonger, younger brother, lighthouse keeper, dentist, bride, cook, glazier, surveyor,
    grandmother, choirmaster, butcher, twin, translator, stationmaster, beekeeper, porter, tax inspector, gravedigger, swimming teacher, watchmaker`),
  sound:
    list(`a spoon going round in a cup, a lift that stops between floors, rain on corrugated iron, somebody practising scales, a tap that was not shut,
    a dog two streets off, the slap of wet boots on tiles, a chain let down slowly, a typewriter through the wall, paper being folded, a bicycle leaned on a fence,
    the clink of coins counted twice, a clock that hurries, a sheet shaken out, a key tried in the wrong door, the shuffle of pigeons on a ledge, a gate that nobody latched,
    a kettle just before it boils, a record at its last groove, somebody laughing in their sleep, ice moving under a bridge, a broom on stone`),
  smell:
    list(`wet wool, coal smoke, orange peel, varnish, cold soup, diesel, new bread, chalk, seaweed, floor polish, burnt milk, rain on dust, camphor,
    pencil shavings, petrol, apples in straw, hot brass, paraffin, soap, old paper, cut grass, iron, wet dog, candle smoke`),
  weather:
    list(`rain that could not decide, fog up to the knees, a wind with grit in it, dry cold, a low yellow light, snow in the wrong month, heat without sun,
    a thaw, mist off the river, thunder that stayed where it was, the first frost, drizzle, a clear night, sleet, a warm draught from nowhere`),
  colour: list(
    `green, rust red, cream, bottle green, mustard, pale blue, slate, pink, black, ochre, silver, brown, violet, off-white, copper`,
  ),
  material: list(
    `brass, tin, oilcloth, pine, slate, felt, glass, horn, wax, cork, iron, porcelain, canvas, zinc, leather, bone, rubber, plaster`,
  ),
  deed: list(`counted it twice, put it back the wrong way round, wrapped it in newspaper, held it up to the light, hid it under the stairs,
    gave it to a stranger, washed it and hung it out to dry, weighed it, wrote a number on it, left it on the windowsill, carried it upstairs,
    signed for it, sewed it into a hem, blew the dust off it, kept it in a biscuit tin, repaired it with string, forgot to mention it,
    set a plate for it, put it on the scales, tied a label to it, turned it to the wall, said its name once, sat down beside it`),
  number: list(
    'three, four, five, seven, nine, eleven, twelve, fourteen, nineteen, twenty-six, thirty-one, forty, sixty-six',
  ),
  hour: list(`ten past four, a quarter to six, the minute after noon, half past two in the morning, just before the shops shut, a Tuesday towards five,
    the last hour of the shift, between two trains, the day the clocks went back, the hour when bread is delivered`),
  body: list(
    'left thumb, knees, the back of the neck, both ears, the soles of the feet, one shoulder, the teeth, the elbows',
  ),
  animal: list(
    'fox, heron, mule, moth, tabby cat, carp, jackdaw, goat, hedgehog, horse, crab, swallow, old dog, eel, gull, toad',
  ),
  name: list(`Ottilie, Bram, Senna, Ferko, Dagny, Iwan, Marguerite, Tove, Anselm, Nadira, Joost, Pilar, Edda, Mirko, Halina, Casimir, Lotte, Yusuf,
    Birgit, Emeka, Rosalind, Tadeusz, Imke, Leocadia, Osman, Greta, Vasile, Wren, Ambrose, Zofia, Henning, Paloma, Idris, Maude`),
}

/** Splits a comma list as it is written above. */
export function list(text: string): string[] {
  return text.split(/,\s+/).map((item) => item.replace(/\s+/g, ' ').trim())
}

/** Splits phrases that stand one a line. */
export function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
