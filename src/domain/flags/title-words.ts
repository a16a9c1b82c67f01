/**
 * The words of titles that only name goods. A title with any other word may mean anything ("Loki
 * subsystems", "cheaper than a Vexor Navy Issue", "WTB Gila", "10/20 BPO"), so it accuses nobody.
 */
const words = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/).filter(Boolean));

/**
 * Words that describe a ship or that sellers of ships use. Next to them, an ordinary word is a
 * ship's name.
 */
export const strongCues = words(`
  wts selling hull hulls ship ships fitted unfitted packaged repackaged assembled unassembled
`);

export const tradeWords = words(`
  a an the one single
  new fresh cheap cheapest best good great hot nice perfect fast quick rare unique clean used
  limited last only just now today here offer special
  sell sale sales deal bargain discount discounted promo isk each pc pcs piece pieces
  jita amarr dodixie rens hek perimeter
  and plus or
`);

/** Words for a ship with its modules, or for the modules alone. */
export const fitWords = words(`
  fit fits fitting fittings setup pvp pve incursion incursions mission missions ratting l4 optimal
  rigged solo doctrine ready t2 faction deadspace
`);

/**
 * Phrases that mean trade as a whole. Their single words may mean anything ("for Rifter", "in
 * Rifter").
 */
export const tradePhrases =
  /(?<![\p{L}\p{N}])(?:(?:up )?for sale|for only|brand new|ready to fly|buy now|(?:in|at|near|below|under) (?:jita|amarr|dodixie|rens|hek|perimeter|market)(?: price)?)(?![\p{L}\p{N}])/giu;

/**
 * Ships with names that are also ordinary words, given names or names of other things. Alone, such
 * a name is a claim only if a ship is offered.
 */
export const ordinaryNames = words(`
  absolution alligator anathema apocalypse apostle ares ark armageddon augoror avalanche avatar
  azariel badger bane bantam basilisk bellicose blackbird boobook breacher broadsword burst
  bustard buzzard caiman catalyst cerberus chameleon cheetah chimera claw claymore coercer condor
  confessor cormorant covetor crane crow crucifier crusader curse cyclone damnation daredevil
  deacon deluge dragoon drake eagle echelon echo endurance enforcer executioner falcon fiend
  flycatcher golem griffin guardian harbinger harpy hawk heretic heron hoarder hound hubris hulk
  hurricane hydra hyena hyperion ibis immolator imp impel inquisitor jackdaw jaguar kestrel kirin
  kitsune komodo legion leopard leviathan maelstrom magnate magus malediction malice mamba mammoth
  manticore marshal mastodon merlin metamorphosis monitor nemesis nestor nighthawk nightmare
  noctis nomad obelisk omen onyx oracle orca osprey pacifier paladin panther phantasm phobos
  phoenix pilgrim pontifex porpoise probe procurer prophecy prospect providence prowler punisher
  purifier rapier raptor rattlesnake raven reaper redeemer retribution retriever revelation
  revenant rook rupture sabre sacrilege scalpel scimitar scorpion scythe sentinel sigil sin skiff
  slasher squall stabber stiletto stork succubus tempest thorax thrasher tormentor tornado torrent
  tristan typhoon utu vagabond vanquisher vehement vendetta vengeance venture viator victor vigil
  vigilant vindicator violator virtuoso vulture whiptail widow wolf worm wyvern zealot zephyr
`);
