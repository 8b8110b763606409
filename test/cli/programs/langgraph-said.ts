/** What the two threads of LangGraph's fixtures say, whichever store kept them. */
export const LANGGRAPH_SAID = {
  "t-1": [
    "> user: Hello",
    "< assistant: You said: Hello",
    "> user: Is it raining in Kraków?",
    "< assistant: Let me look.",
    '< weather({"city":"Kraków"})',
    "< = Rain.",
    "< assistant: Yes.",
  ],
  "t 2": ["> user: Hi", "< assistant: You said: Hi"],
};
