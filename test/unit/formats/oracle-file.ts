/** Builds Oracle files byte by byte for tests, independently of the readers and of the simulator. */
export const BLOCK = 8192;

export interface BlockSpec {
  readonly type?: number;
  readonly scn?: number;
  readonly seq?: number;
  readonly flags?: number;
  readonly address: number;
  readonly fill?: (block: Buffer) => void;
  readonly big?: boolean;
}

const u16 = (b: Buffer, value: number, at: number, big = false) =>
  big ? b.writeUInt16BE(value, at) : b.writeUInt16LE(value, at);
const u32 = (b: Buffer, value: number, at: number, big = false) =>
  big ? b.writeUInt32BE(value >>> 0, at) : b.writeUInt32LE(value >>> 0, at);

export function seal(block: Buffer, at = 16): Buffer {
  block.writeUInt16LE(0, at);
  let sum = 0;
  for (let i = 0; i < block.length; i += 2) sum ^= block.readUInt16LE(i);
  block.writeUInt16LE(sum, at);
  return block;
}

export function dataBlock(spec: BlockSpec, size = BLOCK): Buffer {
  const { type = 6, scn = 4711, seq = 1, flags = 4, big = false } = spec;
  const block = Buffer.alloc(size);
  spec.fill?.(block);
  block[0] = type;
  block[1] = ((Math.log2(size) - 8) << 5) + 2;
  u16(block, 0, 2);
  u32(block, spec.address, 4, big);
  u32(block, scn, 8, big);
  u16(block, 0, 12);
  block[14] = seq;
  block[15] = flags;
  u32(block, ((scn & 0xffff) << 16) + (type << 8) + seq, size - 4, big);
  return (flags & 4) === 0 ? block : seal(block);
}

export function osBlock(blocks: number, size = BLOCK, big = false): Buffer {
  const block = Buffer.alloc(size);
  block[1] = ((Math.log2(size) - 8) << 5) + 2;
  u32(block, 0xffc00000, 4, big);
  u32(block, size, 20, big);
  u32(block, blocks, 24, big);
  u32(block, 0x7a7b7c7d, 28, big);
  return seal(block);
}

export const address = (file: number, block: number) => ((file << 22) | block) >>> 0;

/** Header of a datafile in hot backup, with the fields that umbra reads. */
export function datafileHeader(blocks: number, file = 7, over: (block: Buffer) => void = () => {}): Buffer {
  return dataBlock({
    type: 0x0b,
    scn: 0,
    address: address(file, 1),
    fill: (b) => {
      b.writeUInt32LE(0x13000000, 24);
      b.writeUInt32LE(1499324332, 28);
      b.write("PROD1", 32);
      b.writeUInt32LE(812, 40);
      b.writeUInt32LE(blocks, 44);
      b.writeUInt32LE(BLOCK, 48);
      b.writeUInt16LE(12, 52);
      b.writeUInt16LE(3, 54);
      b.writeUInt32LE(1721, 100);
      b.writeUInt32LE(1224959854, 112);
      b.writeUInt32LE(925702, 116);
      b.writeUInt32LE(372968, 128);
      b.writeUInt16LE(0x8000, 132);
      b.writeUInt16LE(1, 136);
      b.writeUInt16LE(0x0005, 138);
      b.writeUInt32LE(33, 140);
      b.writeUInt32LE(4, 332);
      b.writeUInt16LE(5, 336);
      b.write("USERS", 338);
      b.writeUInt32LE(file, 368);
      b.writeUInt32LE(372968, 484);
      b.writeUInt16LE(0x8000, 488);
      b.writeUInt32LE(1224959854, 492);
      b.writeUInt16LE(1, 496);
      b.writeUInt32LE(15, 500);
      b.writeUInt32LE(2, 504);
      b.writeUInt16LE(16, 508);
      over(b);
    },
  });
}

/** A whole datafile: block 0, header, data blocks with the given content bytes. */
export function datafile(dataBlocks: number, file = 7, salt = 1): Buffer {
  const blocks = dataBlocks + 1;
  const data = Array.from({ length: dataBlocks }, (_, i) =>
    dataBlock({
      address: address(file, i + 2),
      scn: 1000 + i,
      fill: (b) => b.fill((i * 31 + salt) & 0xff, 20, 4000),
    }),
  );
  return Buffer.concat([osBlock(blocks), datafileHeader(blocks, file), ...data]);
}

/** An archived log of thread 1 with `blocks` blocks besides block 0. */
export function archivedLog(blocks: number, sequence = 15): Buffer {
  const all = [seal(Buffer.from(osBlock(blocks, 512)))];
  for (let n = 1; n <= blocks; n += 1) {
    const b = Buffer.alloc(512, n === 1 ? 0 : n & 0xff);
    if (n === 1) redoHeader(b, blocks);
    b[0] = 1;
    b[1] = 0x22;
    b.writeUInt16LE(0, 2);
    b.writeUInt32LE(n, 4);
    b.writeUInt32LE(sequence, 8);
    b.writeUInt16LE(0x8010, 12);
    all.push(seal(b, 14));
  }
  return Buffer.concat(all);
}

function redoHeader(b: Buffer, blocks: number): void {
  b.writeUInt32LE(0x17060000, 20);
  b.writeUInt32LE(1497016494, 24);
  b.write("FREE", 28);
  b.writeUInt16LE(2, 50);
  b.writeUInt32LE(blocks + 1, 156);
  b.writeUInt32LE(1224959854, 160);
  b.writeUInt32LE(2266629, 164);
  b.writeUInt16LE(1, 176);
  b.set([0x06, 0x96, 0x22, 0, 0, 0x80, 0, 0], 180);
  b.writeUInt32LE(2267717, 192);
  b.writeUInt16LE(0x8000, 196);
}
