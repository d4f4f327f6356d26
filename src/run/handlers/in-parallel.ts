import type { Handler } from "../step-context.ts";

export const inParallel: Handler<"in-parallel"> = async ({ steps, width }, context) => {
  await context.perform(steps, width);
  return {};
};
