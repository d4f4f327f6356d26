import type { FilePath } from "../../src/domain/names.ts";
import { pathInView } from "../contract.ts";
import type { StoragePromise } from "../promises.ts";
import { lasting, mustBe, mustHold, mustRefuse } from "./rig.ts";

const strangeNames = [
  "two words.dbf",
  'it\'s "quoted"',
  "Größe 漢字",
  "$(x);&*?[a]\\`",
  "-rf",
  "line\nbreak",
];

/** Where a path is, and what is made of it. */
export const corePromises: readonly StoragePromise[] = [
  {
    promise: "a file and a directory are found on one volume, through a symbolic link as well",
    keep: async (rig) => {
      const file = await rig.write("a.dbf", "a");
      const [located, top] = await rig.storage.locate([file, rig.directory], rig.limits);
      mustBe("the volume", located?.volume.id, top?.volume.id);
      mustBe("the file below its directory", located?.inside, `${top?.inside}/a.dbf`);
      mustBe("the real path", located?.path, `${top?.path}/a.dbf`);
    },
  },
  {
    promise: "a path where nothing is, is refused",
    keep: async (rig) => {
      const file = await rig.write("here.dbf", "a");
      const call = rig.storage.locate([file, `${rig.directory}/absent.dbf` as FilePath], rig.limits);
      await mustRefuse("an absent file", "UMB-6302", call);
    },
  },
  {
    promise: "a file is read from its snapshot as it was, whatever is written afterwards",
    keep: async (rig) => {
      const [name, file] = [rig.freshName(), await rig.write("a.dbf", "before")];
      await rig.take(name, [file]);
      await rig.overwrite(file, 0, "after!");
      await rig.write("a.dbf", "later");
      mustBe("the file in the snapshot", await rig.readFrom(name, file), "before");
      mustBe("the file itself", await rig.readText(file), "later");
    },
  },
  {
    promise: "files with strange names are in the snapshot",
    keep: async (rig) => {
      const name = rig.freshName();
      const files = [];
      for (const strange of strangeNames)
        files.push(await rig.write(strange, `content of ${strange.length}`));
      await rig.take(name, files);
      for (const file of files) {
        mustBe(file, await rig.readFrom(name, file), await rig.readText(file));
      }
    },
  },
  {
    promise: "a directory is taken with what it holds",
    keep: async (rig) => {
      const name = rig.freshName();
      const files = [await rig.write("a.dbf", "a"), await rig.write("b.dbf", "b")];
      await rig.take(name, [rig.directory]);
      for (const file of files) mustBe(file, await rig.readFrom(name, file), await rig.readText(file));
    },
  },
  {
    promise: "a snapshot that was made once is not made again: the first one is given, unchanged",
    keep: async (rig) => {
      const [name, file] = [rig.freshName(), await rig.write("a.dbf", "first")];
      const first = await rig.take(name, [file]);
      await rig.write("a.dbf", "second");
      mustBe("the answer", lasting(await rig.take(name, [file])), lasting(first));
      mustBe("the listed snapshot", (await rig.named(name)).map(lasting), [lasting(first)]);
      mustBe("its file", await rig.readFrom(name, file), "first");
    },
  },
  {
    promise: "a name that another run has is refused, and its snapshot stays as it was",
    keep: async (rig) => {
      const [name, file] = [rig.freshName(), await rig.write("a.dbf", "theirs")];
      const theirs = await rig.take(name, [file], rig.foreignTag);
      await rig.write("a.dbf", "ours");
      await mustRefuse("taking their name", "UMB-6303", rig.take(name, [file]));
      mustBe("the listed snapshot", (await rig.named(name)).map(lasting), [lasting(theirs)]);
    },
  },
  {
    promise: "snapshots are listed with their tags, oldest first",
    keep: async (rig) => {
      const file = await rig.write("a.dbf", "a");
      const made = [];
      for (const name of [rig.freshName(), rig.freshName(), rig.freshName()].toReversed()) {
        made.push(await rig.take(name, [file]));
      }
      const names = new Set(made.map(({ name }) => name));
      const listed = (await rig.storage.listSnapshots(rig.volume, rig.limits)).filter((one) =>
        names.has(one.name),
      );
      mustBe("the list", listed.map(lasting), made.map(lasting));
      for (const { tag } of listed) mustBe("the tag", tag, rig.tag);
      mustBe("their identities", new Set(listed.map(({ id }) => id)).size, made.length);
    },
  },
  {
    promise: "a snapshot can be shown twice and hidden twice, and is there again when it is shown again",
    keep: async (rig) => {
      const [name, file] = [rig.freshName(), await rig.write("a.dbf", "kept")];
      await rig.take(name, [file]);
      const owned = { volume: rig.volume, name, tag: rig.tag };
      await rig.storage.hideSnapshot(owned, rig.limits);
      const view = await rig.storage.showSnapshot(owned, rig.limits);
      mustBe("the second view", await rig.storage.showSnapshot(owned, rig.limits), view);
      await rig.storage.hideSnapshot(owned, rig.limits);
      await rig.storage.hideSnapshot(owned, rig.limits);
      mustBe("the file when shown again", await rig.readFrom(name, file), "kept");
    },
  },
  {
    promise: "a snapshot that is visible without being shown is where it is shown",
    keep: async (rig) => {
      const [name, file] = [rig.freshName(), await rig.write("a.dbf", "visible")];
      await rig.take(name, [file]);
      const visible = await rig.storage.visibleAt(rig.volume, rig.limits);
      if (visible === undefined) return;
      const { inside } = await rig.locate(file);
      mustBe("the file", await rig.readText(pathInView(visible(name), { inside })), "visible");
      const owned = { volume: rig.volume, name, tag: rig.tag };
      mustBe("the view", await rig.storage.showSnapshot(owned, rig.limits), visible(name));
    },
  },
  {
    promise: "a snapshot that is not there cannot be shown, and one of another run is not shown",
    keep: async (rig) => {
      const [name, file] = [rig.freshName(), await rig.write("a.dbf", "a")];
      const owned = { volume: rig.volume, name, tag: rig.tag };
      await mustRefuse("an absent snapshot", "UMB-6306", rig.storage.showSnapshot(owned, rig.limits));
      await rig.take(name, [file], rig.foreignTag);
      await mustRefuse("a foreign snapshot", "UMB-6303", rig.storage.showSnapshot(owned, rig.limits));
    },
  },
  {
    promise: "the volume's facts are told, and what is not instant is explained",
    keep: async (rig) => {
      const facts = await rig.storage.describe(rig.volume, rig.limits);
      mustHold("a slow snapshot has a remark", facts.instant || facts.remarks.length > 0);
      mustBe("the facts, asked for again", await rig.storage.describe(rig.volume, rig.limits), facts);
      const { totalBytes, freeBytes } = await rig.storage.space(rig.volume, rig.limits);
      mustHold(
        `space: ${freeBytes} of ${totalBytes}`,
        freeBytes >= 0 && freeBytes <= totalBytes && totalBytes > 0,
      );
      const [top] = await rig.storage.locate([rig.directory], rig.limits);
      const root = pathInView(
        { root: top?.volume.mountPoint ?? rig.directory },
        { inside: top?.inside ?? "" },
      );
      mustBe("mount point and inside make the path", root.replaceAll("//", "/"), top?.path);
    },
  },
];
