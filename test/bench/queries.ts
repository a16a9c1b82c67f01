/** What pilots, bots and spreadsheets ask: each a query of `GET /v1/contracts`, in canonical order. */
export const queries: readonly { name: string; search: string }[] = [
  { name: "everything, newest first", search: "" },
  { name: "ships in The Forge by price", search: "region_id=10000002&ship=true&sort=price" },
  { name: "ships anywhere, ending soonest", search: "ship=true&sort=date_expired" },
  { name: "auctions by price", search: "sort=price&type=auction" },
  { name: "couriers by reward", search: "sort=-reward&type=courier" },
  {
    name: "couriers under 1 bn collateral by reward a m³",
    search: "max_collateral=1000000000&sort=-reward_per_volume&type=courier",
  },
  { name: "Domain by price, dearest first", search: "region_id=10000043&sort=-price" },
  { name: "a frigate hull (Rifter)", search: "sort=price&type_id=587" },
  { name: "all frigates by price", search: "group_id=25&sort=price" },
  { name: "all ships of a category by label", search: "category_id=6&sort=label" },
  {
    name: "in Amarr's trade hub, under 10 M",
    search: "location_id=60008494&max_price=10000000&sort=price",
  },
  { name: "in a small system", search: "sort=price&system_id=30002053" },
  { name: "text: rifter", search: "q=rifter" },
  { name: "text: navy issue, by price", search: "q=navy+issue&sort=price" },
  { name: "text: blueprint (half of everything)", search: "q=blueprint" },
  {
    name: "blueprint copies of a battleship (Raven)",
    search: "blueprint=copy&sort=price&type_id=688",
  },
  {
    name: "blueprint originals under 5 M",
    search: "blueprint=original&max_price=5000000&sort=price",
  },
  {
    name: "blueprint copies ME 10, 10+ runs, highsec, under 50 M, by name",
    search: "blueprint=copy&max_price=50000000&min_me=10&min_runs=10&security=highsec&sort=label",
  },
  { name: "abyssal modules (Abyssal Stasis Webifier)", search: "sort=price&type_id=47702" },
  { name: "what asks for items", search: "sort=-price&wants_items=true" },
  {
    name: "lowsec ships under 100 M",
    search: "max_price=100000000&security=lowsec&ship=true&sort=price",
  },
  { name: "one corporation's contracts", search: "issuer_corporation_id=98000001" },
  {
    name: "new since a bot last looked",
    search: "first_seen_after=2026-02-01T06%3A00%3A00Z&limit=100&sort=first_seen_at",
  },
  {
    name: "single cheap items in nullsec",
    search: "max_price=1000000&security=nullsec&single_item=true&sort=price",
  },
  {
    name: "ships within 5 highsec jumps of Amarr under 100 M, nearest first",
    search:
      "from_system_id=30002187&max_jumps=5&max_price=100000000&route=highsec&ship=true&sort=jumps",
  },
  {
    name: "everything by jumps from Jita",
    search: "from_system_id=30000142&sort=jumps",
  },
  {
    name: "couriers by what they pay a jump",
    search: "sort=-reward_per_jump&type=courier",
  },
  {
    name: "ships under 80 % of Jita sell, no danger, within 10 jumps of Jita",
    search:
      "from_system_id=30000142&fully_priced=true&max_jumps=10&max_price_to_value=0.8&max_severity=warning&ship=true&sort=price_to_value",
  },
  { name: "everything too cheap", search: "flag=too_cheap&sort=price_to_value" },
];
