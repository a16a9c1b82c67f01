/** Ships as pilots fit them, by the names of their types. */

type FitText = {
  hull: string;
  /** What the fit is for, as a title says it. */
  role: string;
  /** In their slots: each is a row of its own. */
  modules: string;
  rigs: string;
  /** Ammunition, drones, and what else lies in the holds: each a stack. */
  holds: string;
};

/** Each list reads "Name x3, Name": without a number it is one. The most common ones first. */
export const fitTexts: readonly FitText[] = [
  {
    hull: "Ishtar",
    role: "ratting",
    modules:
      "Drone Damage Amplifier II x3, Damage Control II, Power Diagnostic System II, Omnidirectional Tracking Link II, Large Shield Extender II x2, 10MN Afterburner II, Drone Link Augmentor II x2, Multispectrum Shield Hardener II",
    rigs: "Medium EM Shield Reinforcer I, Medium Core Defense Field Extender I x2",
    holds: "Hobgoblin II x5, Ogre II x5, Gecko x2, Mobile Depot",
  },
  {
    hull: "Gila",
    role: "PvE",
    modules:
      "Drone Damage Amplifier II x3, Rapid Light Missile Launcher II x4, Large Shield Extender II x2, Multispectrum Shield Hardener II, 10MN Afterburner II, Omnidirectional Tracking Link II, Drone Link Augmentor II",
    rigs: "Medium Core Defense Field Extender I x3",
    holds:
      "Scourge Fury Light Missile x2000, Caldari Navy Scourge Light Missile x1000, Hammerhead II x4",
  },
  {
    hull: "Rifter",
    role: "PvP",
    modules:
      "200mm AutoCannon II x3, Small Energy Neutralizer II, Damage Control II, Small Ancillary Armor Repairer, Gyrostabilizer II, 1MN Afterburner II, Warp Scrambler II, Stasis Webifier II",
    rigs: "Small Projectile Burst Aerator I, Small Auxiliary Nano Pump I, Small Projectile Collision Accelerator I",
    holds: "Republic Fleet Fusion S x400, Barrage S x400, Nanite Repair Paste x20",
  },
  {
    hull: "Caracal",
    role: "RLML",
    modules:
      "Rapid Light Missile Launcher II x5, Ballistic Control System II x2, Damage Control II, Nanofiber Internal Structure II, Large Shield Extender II x2, 50MN Microwarpdrive II, Warp Disruptor II, Multispectrum Shield Hardener II",
    rigs: "Medium Core Defense Field Extender I x3",
    holds: "Scourge Fury Light Missile x1000, Nova Fury Light Missile x1000, Hobgoblin II x2",
  },
  {
    hull: "Vexor",
    role: "PvP",
    modules:
      "Heavy Neutron Blaster II x4, Drone Damage Amplifier II x2, Damage Control II, 1600mm Steel Plates II, Multispectrum Energized Membrane II, 50MN Microwarpdrive II, Warp Scrambler II, Stasis Webifier II, Medium Capacitor Booster II",
    rigs: "Medium Trimark Armor Pump I x3",
    holds:
      "Void M x800, Null M x800, Navy Cap Booster 800 x10, Ogre II x2, Hammerhead II x2, Hobgoblin II x4",
  },
  {
    hull: "Vexor Navy Issue",
    role: "ratting",
    modules:
      "Drone Damage Amplifier II x4, Damage Control II, Medium Armor Repairer II, Drone Link Augmentor II x2, 10MN Afterburner II, Omnidirectional Tracking Link II x2, Cap Recharger II",
    rigs: "Medium Capacitor Control Circuit I x2, Medium Auxiliary Nano Pump I",
    holds: "Ogre II x5, Hammerhead II x5, Hobgoblin II x10, Salvage Drone I x5",
  },
  {
    hull: "Drake",
    role: "L4 missions",
    modules:
      "Heavy Missile Launcher II x6, Ballistic Control System II x3, Damage Control II, Large Shield Extender II x2, Multispectrum Shield Hardener II x2, EM Shield Hardener II, 10MN Afterburner II",
    rigs: "Medium Core Defense Field Purger I x3",
    holds:
      "Scourge Fury Heavy Missile x2000, Caldari Navy Mjolnir Heavy Missile x1500, Hobgoblin II x5",
  },
  {
    hull: "Hurricane",
    role: "brawler",
    modules:
      "425mm AutoCannon II x6, Medium Energy Neutralizer II, Gyrostabilizer II x3, Damage Control II, Multispectrum Energized Membrane II, 1600mm Steel Plates II, 50MN Microwarpdrive II, Warp Scrambler II, Stasis Webifier II, Medium Capacitor Booster II",
    rigs: "Medium Trimark Armor Pump I x3",
    holds:
      "Hail M x1500, Barrage M x1500, Republic Fleet EMP M x1000, Navy Cap Booster 800 x12, Hobgoblin II x6",
  },
  {
    hull: "Raven Navy Issue",
    role: "L4 missions",
    modules:
      "Cruise Missile Launcher II x7, Ballistic Control System II x4, Damage Control II, Pith X-Type Large Shield Booster, Multispectrum Shield Hardener II x2, Missile Guidance Computer II, 100MN Afterburner II, Large Micro Jump Drive",
    rigs: "Large Warhead Calefaction Catalyst I, Large Warhead Rigor Catalyst I, Large Warhead Flare Catalyst I",
    holds:
      "Caldari Navy Scourge Cruise Missile x4000, Scourge Fury Cruise Missile x3000, Hammerhead II x5",
  },
  {
    hull: "Vargur",
    role: "bastion",
    modules:
      "800mm Repeating Cannon II x4, Bastion Module I, Republic Fleet Gyrostabilizer x3, Damage Control II, Tracking Enhancer II, Gist X-Type X-Large Shield Booster, Republic Fleet Large Cap Battery, Multispectrum Shield Hardener II, Large Micro Jump Drive, 500MN Microwarpdrive II",
    rigs: "Large Capacitor Control Circuit II, Large Projectile Ambit Extension I",
    holds:
      "Hail L x3000, Barrage L x3000, Republic Fleet Phased Plasma L x2000, Mobile Tractor Unit, Mobile Depot",
  },
  {
    hull: "Golem",
    role: "L4",
    modules:
      "Cruise Missile Launcher II x4, Bastion Module I, Caldari Navy Ballistic Control System x4, Gist X-Type X-Large Shield Booster, Target Painter II x2, Missile Guidance Computer II, 100MN Afterburner II, Multispectrum Shield Hardener II",
    rigs: "Large Warhead Rigor Catalyst II, Large Warhead Flare Catalyst I",
    holds:
      "Caldari Navy Scourge Cruise Missile x6000, Scourge Fury Cruise Missile x4000, Mobile Tractor Unit, Mobile Depot",
  },
  {
    hull: "Paladin",
    role: "bastion",
    modules:
      "Mega Pulse Laser II x4, Bastion Module I, Imperial Navy Heat Sink x3, Damage Control II, Corpus X-Type Large Armor Repairer, Multispectrum Energized Membrane II, Tracking Computer II x2, Large Micro Jump Drive, Cap Recharger II",
    rigs: "Large Capacitor Control Circuit II, Large Energy Burst Aerator I",
    holds:
      "Conflagration L x8, Scorch L x8, Imperial Navy Multifrequency L x8, Mobile Tractor Unit",
  },
  {
    hull: "Loki",
    role: "exploration",
    modules:
      "Expanded Probe Launcher II, Covert Ops Cloaking Device II, Interdiction Nullifier I, 10MN Afterburner II, Data Analyzer II, Relic Analyzer II, Cargo Scanner II, Large Shield Extender II, Nanofiber Internal Structure II x2, Loki Core - Immobility Drivers, Loki Defensive - Covert Reconfiguration, Loki Offensive - Launcher Efficiency Configuration, Loki Propulsion - Interdiction Nullifier",
    rigs: "Medium Gravity Capacitor Upgrade II, Medium Hyperspatial Velocity Optimizer II",
    holds:
      "Sisters Core Scanner Probe x16, Sisters Combat Scanner Probe x8, Mobile Depot, Nanite Repair Paste x50",
  },
  {
    hull: "Tengu",
    role: "explo / ratting",
    modules:
      "Heavy Assault Missile Launcher II x5, Ballistic Control System II x3, Damage Control II, Large Shield Extender II, Multispectrum Shield Hardener II x2, 10MN Afterburner II, Pithum A-Type Medium Shield Booster, Tengu Core - Augmented Graviton Reactor, Tengu Defensive - Supplemental Screening, Tengu Offensive - Accelerated Ejection Bay, Tengu Propulsion - Fuel Catalyst",
    rigs: "Medium Warhead Calefaction Catalyst I, Medium Core Defense Field Extender I x2",
    holds:
      "Scourge Rage Heavy Assault Missile x2000, Caldari Navy Scourge Heavy Assault Missile x2000, Mobile Depot",
  },
  {
    hull: "Astero",
    role: "exploration",
    modules:
      "Covert Ops Cloaking Device II, Sisters Core Probe Launcher, Data Analyzer II, Relic Analyzer II, 1MN Afterburner II, Cargo Scanner II, Nanofiber Internal Structure II x2, Damage Control II, Small Armor Repairer II",
    rigs: "Small Gravity Capacitor Upgrade I x2, Small Hyperspatial Velocity Optimizer I",
    holds: "Sisters Core Scanner Probe x16, Hobgoblin II x5, Nanite Repair Paste x20",
  },
  {
    hull: "Stratios",
    role: "cov ops PvP",
    modules:
      "Covert Ops Cloaking Device II, Medium Energy Neutralizer II x2, Core Probe Launcher II, Drone Damage Amplifier II x2, 1600mm Steel Plates II, Damage Control II, Multispectrum Energized Membrane II, 50MN Microwarpdrive II, Warp Scrambler II, Stasis Webifier II, Medium Capacitor Booster II, Relic Analyzer II",
    rigs: "Medium Trimark Armor Pump I x3",
    holds:
      "Ogre II x4, Hammerhead II x5, Hobgoblin II x10, Navy Cap Booster 800 x12, Core Scanner Probe I x16",
  },
  {
    hull: "Heron",
    role: "exploration",
    modules:
      "Core Probe Launcher I, Prototype Cloaking Device I, Data Analyzer I, Relic Analyzer I, 5MN Microwarpdrive II, Nanofiber Internal Structure II x2",
    rigs: "Small Gravity Capacitor Upgrade I x2",
    holds: "Core Scanner Probe I x16",
  },
  {
    hull: "Sabre",
    role: "dictor",
    modules:
      "Interdiction Sphere Launcher I, 200mm AutoCannon II x6, Damage Control II, Nanofiber Internal Structure II, Medium Shield Extender II x2, 5MN Microwarpdrive II, Warp Scrambler II",
    rigs: "Small Core Defense Field Extender I x2",
    holds: "Warp Disrupt Probe x8, Barrage S x2000, Republic Fleet EMP S x1000",
  },
  {
    hull: "Stiletto",
    role: "fast tackle",
    modules:
      "200mm AutoCannon II x2, Damage Control II, Nanofiber Internal Structure II x2, 5MN Microwarpdrive II, Warp Disruptor II, Warp Scrambler II, Medium Shield Extender II",
    rigs: "Small Polycarbon Engine Housing I x2",
    holds: "Barrage S x400, Nanite Repair Paste x15",
  },
  {
    hull: "Manticore",
    role: "torp bomber",
    modules:
      "Torpedo Launcher II x3, Bomb Launcher I, Covert Ops Cloaking Device II, Ballistic Control System II x2, 5MN Microwarpdrive II, Target Painter II, Warp Disruptor II, Medium Shield Extender II",
    rigs: "Small Warhead Calefaction Catalyst I, Small Warhead Rigor Catalyst I",
    holds: "Caldari Navy Scourge Torpedo x300, Concussion Bomb x2",
  },
  {
    hull: "Catalyst",
    role: "ganker",
    modules:
      "Light Neutron Blaster II x8, Magnetic Field Stabilizer II x3, Sensor Booster II, Warp Scrambler II",
    rigs: "Small Hybrid Burst Aerator I x2, Small Hybrid Collision Accelerator I",
    holds: "Void S x500",
  },
  {
    hull: "Thrasher",
    role: "arty",
    modules:
      "280mm Howitzer Artillery II x7, Gyrostabilizer II x2, 5MN Microwarpdrive II, Medium Shield Extender II, Sensor Booster II",
    rigs: "Small Projectile Burst Aerator I, Small Core Defense Field Extender I x2",
    holds: "Republic Fleet EMP S x500, Quake S x200",
  },
  {
    hull: "Cerberus",
    role: "heavy missile",
    modules:
      "Heavy Missile Launcher II x6, Ballistic Control System II x3, Damage Control II, Large Shield Extender II x2, Multispectrum Shield Hardener II, 50MN Microwarpdrive II, Missile Guidance Computer II",
    rigs: "Medium Core Defense Field Extender II x2",
    holds:
      "Scourge Fury Heavy Missile x2000, Scourge Precision Heavy Missile x1000, Nanite Repair Paste x50",
  },
  {
    hull: "Vagabond",
    role: "kite",
    modules:
      "220mm Vulcan AutoCannon II x5, Gyrostabilizer II x2, Damage Control II, Tracking Enhancer II, 50MN Microwarpdrive II, Warp Disruptor II, Large Shield Extender II x2, Medium Energy Neutralizer II",
    rigs: "Medium Core Defense Field Extender II x2",
    holds: "Barrage M x3000, Republic Fleet EMP M x2000, Hobgoblin II x5",
  },
  {
    hull: "Muninn",
    role: "fleet",
    modules:
      "720mm Howitzer Artillery II x5, Gyrostabilizer II x3, Damage Control II, Tracking Enhancer II, Large Shield Extender II, 50MN Microwarpdrive II, Multispectrum Shield Hardener II",
    rigs: "Medium Core Defense Field Extender II x2",
    holds: "Quake M x500, Tremor M x1000, Republic Fleet EMP M x500",
  },
  {
    hull: "Guardian",
    role: "fleet logi",
    modules:
      "Large Remote Armor Repairer II x4, Large Remote Capacitor Transmitter II x2, 1600mm Steel Plates II, Damage Control II, Multispectrum Energized Membrane II x3, 10MN Afterburner II, Sensor Booster II",
    rigs: "Medium Trimark Armor Pump II x2",
    holds: "Nanite Repair Paste x100, Light Armor Maintenance Bot II x5",
  },
  {
    hull: "Scimitar",
    role: "fleet logi",
    modules:
      "Large Remote Shield Booster II x4, Damage Control II, Nanofiber Internal Structure II, Large Shield Extender II x2, 50MN Microwarpdrive II, Multispectrum Shield Hardener II",
    rigs: "Medium Core Defense Field Extender II x2",
    holds: "Nanite Repair Paste x60, Light Shield Maintenance Bot II x5",
  },
  {
    hull: "Hulk",
    role: "max yield",
    modules:
      "Modulated Strip Miner II x2, Mining Laser Upgrade II x2, Large Shield Extender II, Multispectrum Shield Hardener II x2, Mining Survey Chipset II",
    rigs: "Medium Core Defense Field Extender I x2",
    holds:
      "Simple Asteroid Mining Crystal Type A II x4, Coherent Asteroid Mining Crystal Type A II x4, Hobgoblin II x5",
  },
  {
    hull: "Skiff",
    role: "tank",
    modules:
      "Modulated Strip Miner II, Mining Laser Upgrade II x2, Damage Control II, Large Shield Extender II x2, Multispectrum Shield Hardener II x2, EM Shield Hardener II",
    rigs: "Medium Core Defense Field Extender II x2",
    holds: "Simple Asteroid Mining Crystal Type A II x2, Hammerhead II x5",
  },
  {
    hull: "Venture",
    role: "starter mining",
    modules:
      "Miner II x2, Mining Laser Upgrade I, Mining Survey Chipset I, Medium Shield Extender I, 1MN Afterburner I",
    rigs: "Small Core Defense Field Extender I x3",
    holds: "Hobgoblin I x2",
  },
  {
    hull: "Orca",
    role: "boosts",
    modules:
      "Mining Foreman Burst II x2, Small Tractor Beam II, Damage Control II, Reinforced Bulkheads II, Large Shield Extender II x2, Multispectrum Shield Hardener II x2, 500MN Microwarpdrive II",
    rigs: "Large Core Defense Field Extender I x3",
    holds:
      "Mining Laser Field Enhancement Charge x200, Mining Laser Optimization Charge x200, 'Augmented' Mining Drone x5",
  },
  {
    hull: "Bustard",
    role: "hauler",
    modules:
      "Expanded Cargohold II x2, Damage Control II, Large Shield Extender II x2, Multispectrum Shield Hardener II x2, 50MN Microwarpdrive II, Improved Cloaking Device II",
    rigs: "Medium Cargohold Optimization I x2",
    holds: "Nanite Repair Paste x10",
  },
  {
    hull: "Crane",
    role: "blockade runner",
    modules:
      "Covert Ops Cloaking Device II, Inertial Stabilizers II x2, Large Shield Extender II, Multispectrum Shield Hardener II x2, 50MN Microwarpdrive II, Cargo Scanner II",
    rigs: "Medium Hyperspatial Velocity Optimizer I, Medium Low Friction Nozzle Joints I",
    holds: "Nanite Repair Paste x10",
  },
  {
    hull: "Charon",
    role: "bulkheads",
    modules: "Reinforced Bulkheads II x3",
    rigs: "",
    holds: "",
  },
  {
    hull: "Machariel",
    role: "incursion",
    modules:
      "800mm Repeating Cannon II x7, Republic Fleet Gyrostabilizer x4, Tracking Enhancer II, Damage Control II, Pith X-Type Large Shield Booster, Multispectrum Shield Hardener II x2, 500MN Microwarpdrive II, Tracking Computer II",
    rigs: "Large Core Defense Field Extender II x2, Large Projectile Ambit Extension I",
    holds: "Hail L x2000, Barrage L x3000, Republic Fleet EMP L x2000, Warrior II x5",
  },
  {
    hull: "Nightmare",
    role: "incursion",
    modules:
      "Tachyon Beam Laser II x4, Imperial Navy Heat Sink x4, Tracking Enhancer II, Damage Control II, Large Micro Jump Drive, Multispectrum Shield Hardener II x2, EM Shield Hardener II, Tracking Computer II x2, 500MN Microwarpdrive II",
    rigs: "Large Core Defense Field Extender II x2, Large Energy Locus Coordinator I",
    holds: "Imperial Navy Multifrequency L x8, Imperial Navy Standard L x8, Scorch L x4",
  },
  {
    hull: "Praxis",
    role: "newbro",
    modules:
      "Heavy Missile Launcher II x6, Drone Damage Amplifier II x2, Ballistic Control System II x3, Damage Control II, Large Shield Extender II x3, Multispectrum Shield Hardener II x2, 100MN Afterburner II",
    rigs: "Large Core Defense Field Extender I x3",
    holds: "Scourge Fury Heavy Missile x2000, Hammerhead II x5",
  },
  {
    hull: "Gnosis",
    role: "PvE",
    modules:
      "Drone Damage Amplifier II x3, Damage Control II, Drone Link Augmentor II x2, 10MN Afterburner II, Large Shield Extender II x3, Multispectrum Shield Hardener II x2",
    rigs: "Medium Core Defense Field Extender I x3",
    holds: "Hammerhead II x5, Hobgoblin II x5",
  },
  {
    hull: "Retribution",
    role: "abyss",
    modules:
      "Small Focused Pulse Laser II x4, Heat Sink II x2, Damage Control II, Small Armor Repairer II, Multispectrum Energized Membrane II, 1MN Afterburner II, Small Capacitor Booster II",
    rigs: "Small Auxiliary Nano Pump I, Small Energy Burst Aerator I",
    holds:
      "Conflagration S x8, Scorch S x8, Imperial Navy Multifrequency S x4, Navy Cap Booster 400 x15",
  },
  {
    hull: "Revelation",
    role: "dread bomb",
    modules:
      "Quad Mega Pulse Laser II x3, Siege Module II, Heat Sink II x3, Damage Control II, 25000mm Steel Plates II, Capital Armor Repairer II, Capital Capacitor Booster II, Sensor Booster II, Cap Recharger II",
    rigs: "Capital Trimark Armor Pump I x3",
    holds:
      "True Sanshas Multifrequency XL x6, Scorch XL x6, Navy Cap Booster 3200 x20, Strontium Clathrates x1000",
  },
  {
    hull: "Thanatos",
    role: "ratting carrier",
    modules:
      "Drone Damage Amplifier II x4, Fighter Support Unit II x2, Networked Sensor Array, Damage Control II, Capital Armor Repairer II, Cap Recharger II x3, Omnidirectional Tracking Link II x2",
    rigs: "Capital Capacitor Control Circuit I x3",
    holds: "Firbolg II x27, Cenobite II x6, Strontium Clathrates x600",
  },
  {
    hull: "Naglfar",
    role: "HAW",
    modules:
      "Quad 800mm Repeating Cannon II x3, Siege Module II, Gyrostabilizer II x3, Damage Control II, Capital Shield Booster II, Multispectrum Shield Hardener II x2, Capital Capacitor Booster II, Sensor Booster II",
    rigs: "Capital Core Defense Field Extender I x3",
    holds: "Hail L x4000, Barrage L x4000, Navy Cap Booster 3200 x20, Strontium Clathrates x1000",
  },
];
