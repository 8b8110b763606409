import { describe, expect, it } from "vitest";

import { estimateTextTokens } from "../../src/shared/estimate-tokens.ts";

/** Texts by script, each with its tokens in o200k_base, as the package gpt-tokenizer 3 counts them. */
const TABLE: [script: string, text: string, tokens: number][] = [
  [
    "Latin",
    "The quick brown fox jumps over the lazy dog while the train to Zurich leaves at half past seven.",
    20,
  ],
  [
    "German",
    "Die Fluggesellschaft bestätigt die Umbuchung, sofern die Stornierungsbedingungen eingehalten werden.",
    19,
  ],
  [
    "Cyrillic",
    "Быстрая коричневая лиса прыгает через ленивую собаку, пока поезд отправляется в половине восьмого.",
    31,
  ],
  [
    "Greek",
    "Η γρήγορη καφέ αλεπού πηδάει πάνω από το τεμπέλικο σκυλί ενώ το τρένο φεύγει στις επτάμισι.",
    40,
  ],
  ["Arabic", "الثعلب البني السريع يقفز فوق الكلب الكسول بينما يغادر القطار في السابعة والنصف.", 26],
  ["Hebrew", "השועל החום המהיר קופץ מעל הכלב העצלן בזמן שהרכבת יוצאת בשבע וחצי.", 28],
  ["Thai", "สุนัขจิ้งจอกสีน้ำตาลกระโดดข้ามสุนัขขี้เกียจขณะที่รถไฟออกเวลาเจ็ดโมงครึ่ง", 39],
  ["Devanagari", "तेज़ भूरी लोमड़ी आलसी कुत्ते के ऊपर से कूदती है जबकि ट्रेन साढ़े सात बजे निकलती है।", 31],
  ["Bengali", "দ্রুত বাদামী শিয়াল অলস কুকুরের উপর দিয়ে লাফ দেয় যখন ট্রেন সাড়ে সাতটায় ছাড়ে।", 32],
  ["Tamil", "விரைவான பழுப்பு நரி சோம்பேறி நாயின் மேல் குதிக்கிறது, ரயில் ஏழரை மணிக்குப் புறப்படுகிறது.", 37],
  ["Telugu", "వేగవంతమైన గోధుమ రంగు నక్క సోమరి కుక్క మీదుగా దూకుతుంది, రైలు ఏడున్నరకు బయలుదేరుతుంది.", 39],
  [
    "Georgian",
    "სწრაფი ყავისფერი მელა ახტება ზარმაც ძაღლს, სანამ მატარებელი რვის ნახევარზე გადის.",
    34,
  ],
  [
    "Armenian",
    "Արագ շագանակագույն աղվեսը ցատկում է ծույլ շան վրայով, մինչ գնացքը մեկնում է յոթ անց կեսին։",
    37,
  ],
  ["Amharic", "ፈጣኑ ቡናማ ቀበሮ ሰነፉን ውሻ ዘሎ ያልፋል ባቡሩ በሰባት ተኩል ሲነሳ።", 80],
  ["Khmer", "កញ្ជ្រោងពណ៌ត្នោតលោតរំលងឆ្កែខ្ជិលខណៈពេលរថភ្លើងចេញនៅម៉ោងប្រាំពីរកន្លះ។", 50],
  ["Burmese", "လျင်မြန်သော အညိုရောင် မြေခွေးသည် ပျင်းရိသော ခွေးပေါ်မှ ခုန်ကျော်သည်။", 36],
  ["Sinhala", "වේගවත් දුඹුරු නරියා කම්මැලි බල්ලා උඩින් පනින අතර දුම්රිය හතහමාරට පිටත් වේ.", 41],
  ["Han", "敏捷的棕色狐狸跳过懒狗，而火车在七点半出发。请确认您的预订号码。", 29],
  ["Japanese", "素早い茶色の狐は怠け者の犬を飛び越え、列車は七時半に出発します。", 31],
  ["Hangul", "빠른 갈색 여우가 게으른 개를 뛰어넘는 동안 기차는 일곱 시 반에 출발합니다.", 30],
  [
    "Base64",
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    53,
  ],
  ["Emoji", "🚀🎉😀👩‍💻🇨🇭✨🔥🐍", 18],
  ["Json", '{"id":"a1b2c3d4-e5f6","amount":1042.50,"items":[{"sku":"XK-99","qty":3}]}', 38],
];

describe("an estimate of tokens", () => {
  it.each(TABLE)("of %s is no lower than the real count, and not far above", (_, text, tokens) => {
    for (const times of [1, 40]) {
      const estimate = estimateTextTokens(Array.from({ length: times }, () => text).join(" "));
      expect(estimate / (tokens * times)).toBeGreaterThanOrEqual(0.95);
      expect(estimate / (tokens * times)).toBeLessThan(3.5);
    }
  });

  it("of nothing is nothing", () => {
    expect(estimateTextTokens("")).toBe(0);
  });
});
