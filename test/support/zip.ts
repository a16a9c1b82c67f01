/** Makes zip files in memory (PKWARE's APPNOTE.TXT, 4.3), as CCP's export comes in one. */
import { crc32, deflateRawSync } from "node:zlib";

export function zipOf(files: Readonly<Record<string, string>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const common = commonHeader(name, Buffer.from(text));
    const local = Buffer.concat([bytes(4, 0x04034b50), common.header, bytes(2, 0), common.name]);
    directory.push(
      Buffer.concat([
        bytes(4, 0x02014b50),
        bytes(2, 20),
        common.header,
        // No extra field, no comment, disk 0, no attributes.
        Buffer.alloc(12),
        bytes(4, offset),
        common.name,
      ]),
    );
    parts.push(local, common.data);
    offset += local.length + common.data.length;
  }
  const entries = Buffer.concat(directory);
  const count = bytes(2, directory.length);
  const end = [bytes(4, 0x06054b50), Buffer.alloc(4), count, count, bytes(4, entries.length)];
  return Buffer.concat([...parts, entries, ...end, bytes(4, offset), Buffer.alloc(2)]);
}

/** What the local header and the central directory have in common, up to the length of the name. */
function commonHeader(fileName: string, content: Buffer) {
  const data = deflateRawSync(content);
  const name = Buffer.from(fileName);
  const header = Buffer.concat([
    bytes(2, 20),
    // Names in UTF-8.
    bytes(2, 0x0800),
    // Deflated, at midnight of 1980-01-01.
    bytes(2, 8),
    bytes(2, 0),
    bytes(2, 0x21),
    bytes(4, crc32(content)),
    bytes(4, data.length),
    bytes(4, content.length),
    bytes(2, name.length),
  ]);
  return { header, name, data };
}

function bytes(length: 2 | 4, value: number): Buffer {
  const buffer = Buffer.alloc(length);
  buffer.writeUIntLE(value, 0, length);
  return buffer;
}
