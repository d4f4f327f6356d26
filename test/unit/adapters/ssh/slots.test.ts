import { array, assert, asyncProperty, integer, nat } from "fast-check";
import { expect, test } from "vitest";

import { Slots } from "../../../../src/adapters/ssh/slots.ts";

const patiently = new Promise<never>(() => {});

test("never more than its count are taken, in the order of asking, and all come to their turn", async () => {
  const pauses = array(nat(3), { minLength: 1, maxLength: 30 });
  await assert(
    asyncProperty(integer({ min: 1, max: 6 }), pauses, async (count, turns) => {
      const slots = new Slots(count);
      const began: number[] = [];
      let taken = 0;
      let most = 0;
      const work = async (turn: number, pause: number) => {
        using _slot = await slots.take(patiently);
        began.push(turn);
        most = Math.max(most, (taken += 1));
        for (let left = pause; left > 0; left -= 1) await Promise.resolve();
        taken -= 1;
      };
      await Promise.all(turns.map((pause, turn) => work(turn, pause)));
      expect(began).toEqual(turns.map((_, turn) => turn));
      expect(most).toBeLessThanOrEqual(count);
    }),
  );
});

test("who leaves while it waits takes no place, and hands on one that it was just given", async () => {
  const slots = new Slots(1);
  const first = await slots.take(patiently);
  const leaving = Promise.withResolvers<never>();
  const waits = slots.take(leaving.promise);
  leaving.reject(new Error("deadline"));
  await expect(waits).rejects.toThrow("deadline");
  const second = slots.take(patiently);
  first[Symbol.dispose]();
  (await second)[Symbol.dispose]();
  using last = await slots.take(patiently);
  expect(last).toBeDefined();
});
