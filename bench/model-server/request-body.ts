const HEAD_END = Buffer.from("\r\n\r\n");
const LINE_END = Buffer.from("\r\n");

/** The body of the first request in what was received, and what comes after it; null until it is whole. */
export function bodyOf(got: Buffer): { body: string; rest: Buffer } | null {
  const at = got.indexOf(HEAD_END);
  if (at < 0) return null;
  const from = at + HEAD_END.length;
  const length = /\r\ncontent-length: *(\d+)/i.exec(got.toString("latin1", 0, at))?.[1];
  if (length === undefined) return chunkedBody(got, from);
  const end = from + Number(length);
  return got.length < end
    ? null
    : { body: got.toString("utf8", from, end), rest: got.subarray(end) };
}

/** A body in chunks, each after its length, without trailers. */
function chunkedBody(got: Buffer, start: number): { body: string; rest: Buffer } | null {
  const chunks: Buffer[] = [];
  for (let from = start; ;) {
    const lineEnd = got.indexOf(LINE_END, from);
    if (lineEnd < 0) return null;
    const length = Number.parseInt(got.toString("latin1", from, lineEnd), 16);
    const begin = lineEnd + LINE_END.length;
    const end = begin + length + LINE_END.length;
    if (got.length < end) return null;
    if (length === 0) return { body: Buffer.concat(chunks).toString(), rest: got.subarray(end) };
    chunks.push(got.subarray(begin, begin + length));
    from = end;
  }
}
