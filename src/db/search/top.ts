/**
 * Keeps the first `size` of the added items, by an order. It is a heap with the last of them on
 * top, so most items cost one comparison.
 */
export function createTop<Item>(size: number, order: (a: Item, b: Item) => number) {
  const heap: Item[] = [];

  function sink(): void {
    let at = 0;
    for (;;) {
      let last = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        const [candidate, current] = [heap[child], heap[last]];
        if (candidate !== undefined && current !== undefined && order(candidate, current) > 0) {
          last = child;
        }
      }
      if (last === at) return;
      swap(at, last);
      at = last;
    }
  }

  function rise(): void {
    let at = heap.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const [item, above] = [heap[at], heap[parent]];
      if (item === undefined || above === undefined || order(item, above) <= 0) return;
      swap(at, parent);
      at = parent;
    }
  }

  function swap(a: number, b: number): void {
    const [first, second] = [heap[a], heap[b]];
    if (first === undefined || second === undefined) return;
    heap[a] = second;
    heap[b] = first;
  }

  return {
    add(item: Item): void {
      if (heap.length < size) {
        heap.push(item);
        rise();
        return;
      }
      const [last] = heap;
      if (last === undefined || order(item, last) >= 0) return;
      heap[0] = item;
      sink();
    },

    sorted: (): Item[] => heap.toSorted(order),
  };
}
