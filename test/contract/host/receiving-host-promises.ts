import { readdir, readFile, symlink, writeFile } from "node:fs/promises";

import { describe, expect, onTestFinished, test, type TestContext } from "vitest";

import type { FilePath } from "../../../src/domain/names.ts";
import type { Host } from "../../../src/ports/host.ts";
import { scratchDirectory } from "../../rigs/scratch-directory.ts";

const within = { deadlineMs: 10_000 };

/** What a host keeps that makes files of pieces. */
export function keepsThePromisesOfAReceivingHost(
  name: string,
  hostFor: (context: TestContext) => Promise<Host>,
): void {
  const rig = async (context: TestContext) => {
    const host = await hostFor(context);
    const scratch = scratchDirectory();
    onTestFinished(() => scratch[Symbol.dispose]());
    const append: NonNullable<Host["append"]> = (...call) => received(host.append?.(...call));
    const publish: NonNullable<Host["publish"]> = (...call) => received(host.publish?.(...call));
    return { append, publish, at: (one: string) => `${scratch.path}/${one}` as FilePath };
  };
  describe(`${name}: files of pieces`, () => {
    test("pieces become one file, which gets its name when it is whole", async (context) => {
      const { append, publish, at } = await rig(context);
      const first = Buffer.alloc(1_048_577, "\0\n\u00ff", "latin1");
      await append(at(".part"), { offset: 0, content: first }, within);
      await append(at(".part"), { offset: first.length, content: Buffer.from("end") }, within);
      await publish(at(".part"), at("file"), within);
      expect(await readdir(at(""))).toEqual(["file"]);
      expect((await readFile(at("file"))).equals(Buffer.concat([first, Buffer.from("end")]))).toBe(true);
    });

    test("a piece that does not follow the one before is refused, and so is a beginning where something is", async (context) => {
      const { append, at } = await rig(context);
      await append(at("part"), { offset: 0, content: Buffer.from("abc") }, within);
      const refused = (offset: number, errno: string, path = at("part")) =>
        expect(append(path, { offset, content: Buffer.from("x") }, within)).rejects.toMatchObject({
          code: "UMB-7108",
          context: { path, operation: "append", errno },
        });
      for (const offset of [1, 2, 4]) await refused(offset, "EINVAL");
      await refused(0, "EEXIST");
      await refused(3, "ENOENT", at("none"));
      await symlink(at("part"), at("link"));
      await refused(3, "ELOOP", at("link"));
      expect(await readFile(at("part"), "utf8")).toBe("abc");
    });

    test("a name that is taken stays what it is", async (context) => {
      const { append, publish, at } = await rig(context);
      await append(at(".part"), { offset: 0, content: Buffer.from("new") }, within);
      await writeFile(at("file"), "old");
      await expect(publish(at(".part"), at("file"), within)).rejects.toMatchObject({
        code: "UMB-7108",
        context: { path: at(".part"), operation: "publish", errno: "EEXIST" },
      });
      await expect(publish(at("none"), at("other"), within)).rejects.toMatchObject({
        context: { errno: "ENOENT" },
      });
      expect(await readFile(at("file"), "utf8")).toBe("old");
    });
  });
}

async function received(call: Promise<void> | undefined): Promise<void> {
  if (call === undefined) throw new Error("this host makes no files of pieces");
  await call;
}
