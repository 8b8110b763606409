import { ApiError } from "../../shared/errors.ts";
import { isObject } from "../../shared/json-merge-patch.ts";
import { CONTENT_BYTES, TEXT_BYTES } from "../../shared/stored-bounds.ts";
import { MIN_TEXT_LENGTH } from "../../shared/turn-parts.ts";

/**
 * In bytes: texts that stay in the turn's row, and the request's settings. With an answer of 768 KiB they still fit into
 * a row of 2 MB.
 */
const SHORT_BYTES = 1024 * 1024;
/** In bytes: the name and the marks beside a text in JSON. */
const NAME_BYTES = 32;
/** Fields that hold a picture or a file, or say where it is. */
const MEDIA = new Set(["image_url", "file_url", "file_data", "result"]);

interface Sizes {
  text: number;
  media: number;
  /** Of texts that are too short to lie outside of the row, as JSON. */
  short: number;
}

function sizesOf(items: readonly object[]): Sizes {
  const sizes = { text: 0, media: 0, short: 0 };
  const walk = (value: unknown, name: string) => {
    if (typeof value === "string") {
      const isShort = value.length < MIN_TEXT_LENGTH;
      sizes[MEDIA.has(name) ? "media" : "text"] += Buffer.byteLength(value);
      if (isShort) sizes.short += Buffer.byteLength(JSON.stringify(value)) + NAME_BYTES;
    } else if (Array.isArray(value)) for (const each of value) walk(each, name);
    else if (isObject(value)) for (const [field, each] of Object.entries(value)) walk(each, field);
  };
  walk(items, "");
  return sizes;
}

/**
 * @param settings - of the request that the items are sent with, as JSON
 * @throws ApiError `message_too_large`
 */
export function checkItemsSize(items: readonly object[], param: string, settings = ""): void {
  const { text, media, short } = sizesOf(items);
  if (text > TEXT_BYTES) throw tooLarge(`${param} takes 4 MiB of text in all at most.`, param);
  if (text + media > CONTENT_BYTES)
    throw tooLarge(`${param} takes 16 MiB in all at most, with pictures and files.`, param);
  if (short > SHORT_BYTES)
    throw tooLarge(
      `${param} takes 1 MiB at most of texts under ${MIN_TEXT_LENGTH} characters. Send fewer items, or longer ones.`,
      param,
    );
  if (short + Buffer.byteLength(settings) > SHORT_BYTES)
    throw tooLarge(
      `${param}, instructions and tools take 1 MiB in all, texts of ${param} from ${MIN_TEXT_LENGTH} characters on aside.`,
      param,
    );
}

const tooLarge = (message: string, param: string): ApiError =>
  new ApiError("message_too_large", message, { param });
