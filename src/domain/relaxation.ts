import {
  boundedFilters,
  type Bounds,
  type ContractFilters,
  type FilterName,
  type ItemFilter,
} from "./contract-query.ts";

/** The filters without one of them. */
export type Relaxed = { name: FilterName; filters: ContractFilters };

const isEmpty = (value: object): boolean => Object.keys(value).length === 0;

/** A range without one of its ends. Undefined if nothing is left. */
function withoutEnd(bounds: Bounds | undefined, end: keyof Bounds): Bounds | undefined {
  const { [end]: _lifted, ...left } = bounds ?? {};
  return isEmpty(left) ? undefined : left;
}

const ends = ["min", "max"] as const;

function relaxedItems(filters: ContractFilters): Relaxed[] {
  const { item } = filters;
  if (!item) return [];
  const put = (left: ItemFilter): ContractFilters => {
    const { item: _whole, ...rest } = filters;
    return isEmpty(left) ? rest : { ...rest, item: left };
  };
  const plain = (["typeIds", "groupIds", "categoryIds", "blueprint"] as const)
    .filter((key) => item[key] !== undefined)
    .map((key): Relaxed => {
      const { [key]: _lifted, ...left } = item;
      return { name: `item.${key}`, filters: put(left) };
    });
  const ranges = (["runs", "materialEfficiency", "timeEfficiency"] as const).flatMap((key) =>
    ends
      .filter((end) => item[key]?.[end] !== undefined)
      .map((end): Relaxed => {
        const { [key]: range, ...left } = item;
        const rest = withoutEnd(range, end);
        return {
          name: `item.${key}.${end}`,
          filters: put(rest ? { ...left, [key]: rest } : left),
        };
      }),
  );
  return [...plain, ...ranges];
}

const isBounded = (key: string): boolean => (boundedFilters as readonly string[]).includes(key);

type PlainFilter = Exclude<
  keyof ContractFilters,
  "item" | "statuses" | (typeof boundedFilters)[number]
>;

const isPlain = (key: string): key is PlainFilter =>
  key !== "item" && key !== "statuses" && !isBounded(key);

/**
 * One entry per given filter: the filters that remain without it. The status is not dropped but
 * reset to outstanding.
 */
export function relaxedEach(filters: ContractFilters): Relaxed[] {
  const isDefault = filters.statuses.length === 1 && filters.statuses[0] === "outstanding";
  const statuses: Relaxed[] = isDefault
    ? []
    : [{ name: "statuses", filters: { ...filters, statuses: ["outstanding"] } }];
  const plain = Object.keys(filters)
    .filter(isPlain)
    .map((name): Relaxed => {
      const { [name]: _lifted, ...left } = filters;
      return { name, filters: left };
    });
  const ranges = boundedFilters.flatMap((key) =>
    ends
      .filter((end) => filters[key]?.[end] !== undefined)
      .map((end): Relaxed => {
        const { [key]: range, ...left } = filters;
        const rest = withoutEnd(range, end);
        return { name: `${key}.${end}`, filters: rest ? { ...left, [key]: rest } : left };
      }),
  );
  return [...statuses, ...plain, ...ranges, ...relaxedItems(filters)];
}
