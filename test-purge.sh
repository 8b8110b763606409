#!/usr/bin/env bash
# Walks through storing, recalling, purging, archiving, restoring and erasing over HTTP, with curl and node alone.
#
#   ./test-purge.sh                                  starts a development server of its own, on fresh storage
#   BASE_URL=http://localhost:8787 ./test-purge.sh   uses one that runs; touches accounts of its own only
#
# Against AUTH=keys, API_KEY is the root key, or an admin key with every scope.
# What needs the development clock (DEV_CLOCK=on) or the local cron trigger is skipped, aloud, where they are off.
set -uo pipefail

DAY_MS=86400000
# For the first try. Each later one has twice as long: a slow machine may need minutes.
START_SECONDS=45
START_TRIES=4
REQUEST_SECONDS=300
CRON_SECONDS=300
RUN="$$-$(date +%s)"
MAIN="purge-test-$RUN-main"
OTHER="purge-test-$RUN-other"
BACK="purge-test-$RUN-back"
CRON="purge-test-$RUN-cron"

if [ -t 1 ]; then
  GREEN=$'\e[32m' RED=$'\e[31m' YELLOW=$'\e[33m' PLAIN=$'\e[0m'
else
  GREEN='' RED='' YELLOW='' PLAIN=''
fi

cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

# --- The server ---

SERVER=''
WORK=$(mktemp -d "${TMPDIR:-/tmp}/colloquy-purge.XXXXXX") || exit 1

stop_server() {
  [ -n "$SERVER" ] || return 0
  kill -TERM -- "-$SERVER" 2>/dev/null
  for _ in $(seq 30); do
    kill -0 -- "-$SERVER" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL -- "-$SERVER" 2>/dev/null
  wait "$SERVER" 2>/dev/null
  SERVER=''
}

clean_up() {
  local status=$?
  trap - EXIT INT TERM HUP
  stop_server
  rm -rf "$WORK"
  exit "$status"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# Below what the system hands out to those who ask for any port, and above those of test/journeys/server.ts: no other
# program gets it meanwhile.
free_port() {
  node -e '
    const { createServer } = require("net");
    (function probe() {
      const port = 28000 + Math.floor(Math.random() * 4000);
      const server = createServer().on("error", probe);
      server.listen(port, "127.0.0.1", () => server.close(() => console.log(port)));
    })();'
}

spawn_server() {
  local port
  port=$(free_port)
  BASE_URL="http://localhost:$port"
  echo "Starting a development server at $BASE_URL"
  # With job control the server gets a process group of its own, and the whole of it can be stopped.
  set -m
  npm run dev -- --port "$port" --persist-to "$WORK/storage" >"$WORK/server.log" 2>&1 </dev/null &
  SERVER=$!
  set +m
}

# is_up SECONDS: waits until the server answers, or has ended.
is_up() {
  local until=$((SECONDS + $1))
  while ((SECONDS < until)); do
    kill -0 "$SERVER" 2>/dev/null || return 1
    curl -sf -m 15 -o "$WORK/health" "$BASE_URL/health" && return 0
    sleep 0.25
  done
  return 1
}

start_server() {
  local try seconds=$START_SECONDS
  for ((try = 1; try <= START_TRIES; try += 1)); do
    spawn_server
    is_up "$seconds" && return
    echo "The development server did not start (try $try):" >&2
    tail -n 30 "$WORK/server.log" >&2
    # Another program may have taken its port first.
    stop_server
    seconds=$((seconds * 2))
  done
  exit 1
}

# --- Requests and what they are checked with ---

STATUS=''
BODY=''

# request METHOD PATH [curl arguments…]: leaves the answer in STATUS and BODY.
request() {
  local method=$1 path=$2
  shift 2
  STATUS=$(curl -sS -m "$REQUEST_SECONDS" -o "$WORK/body" -w '%{http_code}' -X "$method" ${API_KEY:+-H "authorization: Bearer $API_KEY"} "$@" "$BASE_URL$path" 2>"$WORK/curl") || {
    STATUS="no answer: $(cat "$WORK/curl")"
    : >"$WORK/body"
  }
  BODY=$(cat "$WORK/body")
}

post() { request POST "$1" -H 'content-type: application/json' --data-binary "$2"; }
get() { request GET "$1"; }

# say ACCOUNT TEXT [SESSION [curl arguments…]]
say() {
  local account=$1 text=$2 session=${3:-}
  shift $(($# < 3 ? $# : 3))
  request POST /query -H 'content-type: application/json' "$@" \
    --data-binary "{\"query\":\"$text\",\"accountId\":\"$account\"${session:+,\"session_id\":\"$session\"}}"
}

# json EXPRESSION: what it says of the last answer `d`, as text.
json() {
  printf '%s' "$BODY" | node -e '
    let value;
    try {
      const d = JSON.parse(require("fs").readFileSync(0, "utf8"));
      value = new Function("d", `return ${process.argv[1]}`)(d);
    } catch (error) { value = `(${error.message})`; }
    console.log(typeof value === "string" ? value : JSON.stringify(value));' "$1"
}

now_ms() { node -p 'Date.now()'; }

NUMBER=0
PASSED=0
SKIPPED=0
TITLE=''
WRONG=''
FAILED=()

# begin TITLE … finish: one numbered test, of any number of `expect`.
begin() {
  NUMBER=$((NUMBER + 1))
  TITLE="$NUMBER. $1"
  WRONG=''
}

finish() {
  if [ -z "$WRONG" ]; then
    PASSED=$((PASSED + 1))
    echo "${GREEN}✓${PLAIN} $TITLE"
  else
    FAILED+=("$TITLE")
    printf '%s✗ %s%s%s\n' "$RED" "$TITLE" "$PLAIN" "$WRONG"
  fi
}

skip() {
  SKIPPED=$((SKIPPED + 1))
  echo "${YELLOW}SKIP${PLAIN} $TITLE: $1"
}

# expect WHAT ACTUAL WANTED
expect() {
  [ "$2" = "$3" ] || WRONG+=$'\n'"    $1 is ${2:-empty}, not $3"$'\n'"    after: $STATUS ${BODY:0:300}"
}

# expect_json STATUS EXPRESSION WANTED [EXPRESSION WANTED]…
expect_json() {
  expect "the status" "$STATUS" "$1"
  shift
  while [ $# -gt 1 ]; do
    expect "$1" "$(json "$1")" "$2"
    shift 2
  done
}

# refused STATUS CODE: the last answer is a problem document that says so.
refused() {
  expect_json "$1" d.code "$2" d.success false d.status "$1" 'd.detail.length > 0' true
}

[ -n "${BASE_URL:-}" ] || start_server
BASE_URL=${BASE_URL%/}
NOW=$(now_ms)
OLD=$((NOW - 31 * DAY_MS))

# --- Turns ---

begin "the server is healthy"
get /health
expect_json 200 d.status ok d.storage true
finish
[ "$STATUS" = 200 ] || {
  echo "Nothing can be tested without a server at $BASE_URL."
  exit 1
}

begin "an account that nobody used is empty"
get "/storage-stats?accountId=$MAIN"
expect_json 200 d.total_conversations 0 d.total_messages 0 d.archived_conversations 0 d.last_purge null
finish

begin "an old-style request, without a JSON content type, is answered and stored"
request POST /query -d "{\"query\":\"Hello\",\"accountId\":\"$MAIN\"}"
expect_json 200 d.success true d.stored true d.new_session true 'd.response.length > 0' true
HELLO=$(json d.session_id)
finish

begin "the session is used again when it is named"
say "$MAIN" "Hello again" "$HELLO"
expect_json 200 d.session_id "$HELLO" d.new_session undefined
get "/sessions/$HELLO?accountId=$MAIN"
expect_json 200 d.turns 2 d.status live
finish

begin "a name is recalled some turns later"
say "$MAIN" "My name is Alice"
expect_json 200 d.success true
ALICE=$(json d.session_id)
say "$MAIN" "What is 6 times 7?" "$ALICE"
say "$MAIN" "What is my name?" "$ALICE"
expect_json 200 'd.response.includes("Alice")' true d.session_id "$ALICE"
finish

begin "every message is read back in order"
get "/sessions/$ALICE/messages?accountId=$MAIN"
expect_json 200 'd.data.map((m) => m.role[0]).join("")' uauaua 'd.data[0].content' "My name is Alice" \
  'd.data[4].content' "What is my name?" d.has_more false
finish

begin "a retry with the same Idempotency-Key is the same turn"
say "$MAIN" "Only once" "$HELLO" -H "idempotency-key: once-$RUN"
FIRST=$BODY
say "$MAIN" "Only once" "$HELLO" -H "idempotency-key: once-$RUN"
expect_json 200 d.success true
expect "the second answer" "$BODY" "$FIRST"
finish

begin "the stats count what was said"
get "/storage-stats?accountId=$MAIN"
expect_json 200 d.total_conversations 2 d.total_turns 6 d.total_messages 12 \
  'Object.values(d.last_accessed).reduce((a, b) => a + b)' 2 d.archived_conversations 0
finish

# --- Forgetting ---

begin "a purge where nothing is old deletes nothing"
post /purge "{\"accountId\":\"$MAIN\"}"
expect_json 200 d.deleted 0 d.errors 0 d.remaining 0
get "/storage-stats?accountId=$MAIN"
expect_json 200 d.total_conversations 2 d.total_turns 6 'd.last_purge.deleted' 0
finish

begin "a session of 31 days ago is due (development clock)"
say "$MAIN" "I like tea from long ago" "" -H "x-dev-now: $OLD"
TEA=$(json d.session_id)
if [ "$(json 'Date.parse(d.created_at)')" = "$OLD" ]; then
  CLOCK=on
  AGE=''
  say "$MAIN" "My name is Bob" "$TEA" -H "x-dev-now: $((OLD + 1000))"
  expect_json 200 d.session_id "$TEA"
  get "/storage-stats?accountId=$MAIN"
  expect_json 200 d.due_for_purge 1 d.total_conversations 3 d.total_turns 8
  finish
else
  CLOCK=off
  # 8.64 seconds: by the time of the purge, only this session was last used longer ago.
  AGE=',"older_than_days":0.0001'
  say "$MAIN" "My name is Bob" "$TEA"
  skip "the server does not take x-dev-now (DEV_CLOCK=off); the tests below purge by older_than_days instead"
  sleep 10
  say "$MAIN" "Still here" "$HELLO"
  say "$MAIN" "Still here" "$ALICE"
fi

begin "a dry run says what would go, and deletes nothing"
post /purge "{\"accountId\":\"$MAIN\",\"dry_run\":true$AGE}"
expect_json 200 d.dry_run true d.deleted 0 d.would_delete 1 'd.first_session_ids.join()' "$TEA" 'd.bytes > 0' true
get "/sessions/$TEA?accountId=$MAIN"
expect_json 200 d.status live
finish

begin "the purge takes the old session and leaves the others"
say "$OTHER" "I am somebody else" "" -H "x-dev-now: $OLD"
OTHERS=$(json d.session_id)
post /purge "{\"accountId\":\"$MAIN\"$AGE}"
expect_json 200 d.deleted 1 d.archived 1 d.errors 0 d.remaining 0 'd.bytes > 0' true
get "/sessions?accountId=$MAIN&status=live"
expect_json 200 'd.data.map((s) => s.session_id).sort().join()' "$(printf '%s\n' "$HELLO" "$ALICE" | sort | paste -sd, -)"
finish

begin "the stats say so"
get "/storage-stats?accountId=$MAIN"
expect_json 200 d.total_conversations 2 d.archived_conversations 1 'd.archived_bytes > 0' true d.due_for_purge 0 \
  d.last_purge.deleted 1 d.last_purge.errors 0
finish

begin "another account's session, as old, is not touched"
get "/storage-stats?accountId=$OTHER"
expect_json 200 d.total_conversations 1 d.total_turns 1 d.archived_conversations 0 d.last_purge null
get "/sessions/$OTHERS/turns?accountId=$OTHER"
expect_json 200 'd.data[0].input' "I am somebody else"
finish

begin "another account sees neither the session nor its archive"
get "/sessions/$TEA?accountId=$OTHER"
refused 404 session_not_found
get "/archives/$TEA?accountId=$OTHER"
refused 404 archive_not_found
finish

begin "the archive is listed"
get "/archives?accountId=$MAIN"
expect_json 200 d.data.length 1 'd.data[0].session_id' "$TEA" 'd.data[0].status' archived 'd.data[0].turns' 2
finish

begin "the archive holds every word"
get "/archives/$TEA?accountId=$MAIN"
expect_json 200 d.object archive d.session_id "$TEA" 'd.turns.map((t) => t.input).join("|")' \
  "I like tea from long ago|My name is Bob" 'd.turns.every((t) => t.status === "completed" && t.output)' true
finish

begin "a restore brings it back, and twice is once"
request POST "/archives/$TEA/restore?accountId=$MAIN"
expect_json 200 d.success true d.restored true d.turns 2
request POST "/archives/$TEA/restore?accountId=$MAIN"
expect_json 200 d.success true d.restored false d.turns 0
get "/sessions/$TEA/messages?accountId=$MAIN"
expect_json 200 d.data.length 4 'd.data[2].content' "My name is Bob"
get "/archives?accountId=$MAIN"
expect_json 200 d.data.length 0
finish

begin "a question to an archived session brings it back, memory and all"
say "$BACK" "My name is Carol"
CAROL=$(json d.session_id)
sleep 1.5
post /purge "{\"accountId\":\"$BACK\",\"older_than_days\":0.00001}"
expect_json 200 d.deleted 1
get "/sessions/$CAROL?accountId=$BACK"
expect_json 200 d.status archived
say "$BACK" "What is my name?" "$CAROL"
expect_json 200 d.restored true d.session_id "$CAROL" 'd.response.includes("Carol")' true
say "$BACK" "Thanks" "$CAROL"
expect_json 200 d.restored undefined
get "/sessions/$CAROL?accountId=$BACK"
expect_json 200 d.status live d.turns 3
finish

begin "the cron trigger sweeps every account that is due"
if [ "$CLOCK" = off ]; then
  skip "the server does not take x-dev-now (DEV_CLOCK=off), so nothing can be 31 days old"
else
  say "$CRON" "Swept by night" "" -H "x-dev-now: $OLD"
  NIGHT=$(json d.session_id)
  swept() {
    get "/storage-stats?accountId=$CRON"
    [ "$(json d.archived_conversations)" = 1 ]
  }
  for ((second = 0; second < CRON_SECONDS; second += 1)); do
    # Again every 15 seconds: the directory learns of an account a moment after its first turn.
    if ((second % 15 == 1)); then
      request GET "/cdn-cgi/handler/scheduled?cron=0+2+*+*+*&time=$NOW"
      [ "$STATUS" = 200 ] || break
    fi
    swept && break
    sleep 1
  done
  if [ "$STATUS" != 200 ]; then
    skip "the server has no cron trigger to pull (GET /cdn-cgi/handler/scheduled answers $STATUS)"
  else
    expect_json 200 d.total_conversations 0 d.archived_conversations 1 d.last_purge.deleted 1
    get "/archives/$NIGHT?accountId=$CRON"
    expect_json 200 'd.turns[0].input' "Swept by night"
    finish
  fi
fi

# --- Bad input ---

begin "what is not JSON is refused"
post /query '{"query":"Hello"'
refused 400 invalid_json
post /query ''
refused 400 invalid_json
post /query '["Hello"]'
refused 422 invalid_request
finish

begin "a request without a query is refused"
post /query "{\"accountId\":\"$MAIN\"}"
refused 422 invalid_request
expect "the field" "$(json d.param)" query
post /query "{\"query\":\"   \",\"accountId\":\"$MAIN\"}"
refused 422 invalid_request
post /query "{\"query\":42,\"accountId\":\"$MAIN\"}"
refused 422 invalid_request
finish

begin "an unknown field is refused, by name"
post /query "{\"query\":\"Hello\",\"accountId\":\"$MAIN\",\"sesion_id\":\"typo\"}"
refused 422 invalid_request
expect "the field" "$(json d.param)" sesion_id
finish

begin "a bad id is refused"
say "$MAIN" "Hello" "../../etc/passwd"
refused 422 invalid_request
expect "the field" "$(json d.param)" session_id
say "../$MAIN" "Hello"
refused 422 invalid_request
get "/sessions/..%2f..%2fx?accountId=$MAIN"
refused 422 invalid_request
finish

begin "a message that is too long is refused"
node -e 'console.log(JSON.stringify({ query: "x".repeat(256 * 1024 + 1), accountId: process.argv[1] }))' "$MAIN" >"$WORK/long"
request POST /query -H 'content-type: application/json' --data-binary "@$WORK/long"
refused 413 message_too_large
finish

begin "a purge with senseless fields is refused, and deletes nothing"
post /purge "{\"accountId\":\"$MAIN\",\"older_than_days\":-1}"
refused 422 invalid_request
post /purge "{\"accountId\":\"$MAIN\",\"dry_run\":\"perhaps\"}"
refused 422 invalid_request
get "/storage-stats?accountId=$MAIN"
expect_json 200 d.total_conversations 3
finish

# --- Erasing ---

begin "what is erased is gone for good, its archived copy too"
request DELETE "/sessions/$TEA?accountId=$MAIN"
expect_json 200 d.deleted true d.session_id "$TEA" d.turns 2
get "/sessions/$TEA?accountId=$MAIN"
refused 404 session_not_found
get "/archives/$TEA?accountId=$MAIN"
refused 404 archive_not_found
say "$MAIN" "Are you there?" "$TEA"
refused 410 session_erased
get "/storage-stats?accountId=$MAIN"
expect_json 200 d.total_conversations 2 d.archived_conversations 0 d.archived_bytes 0
finish

echo
if [ ${#FAILED[@]} -gt 0 ]; then
  echo "${RED}${#FAILED[@]} of $NUMBER tests failed:${PLAIN}"
  printf '  %s\n' "${FAILED[@]}"
  exit 1
fi
[ "$SKIPPED" = 0 ] || echo "${YELLOW}$SKIPPED of $NUMBER tests skipped${PLAIN}"
echo "${GREEN}All $PASSED tests pass ✓${PLAIN}"
