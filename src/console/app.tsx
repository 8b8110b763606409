import type { ComponentType } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { accountName, may, signOut, signedIn, watchIdleness } from "./auth.ts";
import type { Right } from "./auth.ts";
import { followLinks, href, place } from "./router.ts";
import { SignIn } from "./pages/sign-in.tsx";

interface Page {
  name: string;
  title: string;
  needs: Right[];
  load: () => Promise<ComponentType>;
  /** Not in the menu: it is reached from another page. */
  isPart?: boolean;
}

/** In the order of use. Each is loaded when it is first seen. */
const PAGES: readonly Page[] = [
  {
    name: "overview",
    title: "Overview",
    needs: ["read", "account"],
    load: () => import("./pages/overview.tsx").then(({ OverviewPage }) => OverviewPage),
  },
  {
    name: "sessions",
    title: "Sessions",
    needs: ["read"],
    load: () => import("./pages/sessions.tsx").then(({ Sessions }) => Sessions),
  },
  {
    name: "session",
    title: "Session",
    needs: ["read"],
    isPart: true,
    load: () => import("./pages/session.tsx").then(({ SessionPage }) => SessionPage),
  },
  {
    name: "calls",
    title: "Calls",
    needs: ["read"],
    load: () => import("./pages/calls.tsx").then(({ Calls }) => Calls),
  },
  {
    name: "call",
    title: "Call",
    needs: ["read"],
    isPart: true,
    load: () => import("./pages/call.tsx").then(({ CallPage }) => CallPage),
  },
  {
    name: "mismatches",
    title: "Schema migration",
    needs: ["read", "account"],
    isPart: true,
    load: () => import("./pages/mismatches.tsx").then(({ Mismatches }) => Mismatches),
  },
  {
    name: "retention",
    title: "Retention",
    needs: ["read", "account"],
    load: () => import("./pages/retention.tsx").then(({ Retention }) => Retention),
  },
  {
    name: "storage",
    title: "Archives",
    needs: ["read", "account"],
    load: () => import("./pages/storage.tsx").then(({ Storage }) => Storage),
  },
  {
    name: "whatsapp",
    title: "WhatsApp",
    needs: ["read"],
    load: () => import("./pages/whatsapp.tsx").then(({ WhatsApp }) => WhatsApp),
  },
  {
    name: "admin",
    title: "Admin",
    needs: ["admin"],
    load: () => import("./pages/admin.tsx").then(({ Admin }) => Admin),
  },
];

const isAllowed = ({ needs }: Page): boolean => needs.every(may);

/** The page that the address names, or the first one that the key may see. */
export const App = () => {
  useEffect(() => {
    followLinks();
    watchIdleness();
  }, []);
  if (!signedIn.value) return <SignIn />;
  const [name = ""] = place.value.path;
  const allowed = PAGES.filter(isAllowed);
  const page = allowed.find((each) => each.name === name) ?? (name === "" ? allowed[0] : undefined);
  return (
    <div class="shell">
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <Menu pages={allowed} current={page?.name ?? ""} />
      <main id="main" tabIndex={-1} key={place.value.path.join("/")}>
        {page ? <Lazy page={page} /> : <NoPage name={name} />}
      </main>
    </div>
  );
};

function Menu({ pages, current }: { pages: readonly Page[]; current: string }) {
  const account = accountName.value;
  const nav = useRef<HTMLElement>(null);
  // On a narrow screen the menu is one line that scrolls.
  useEffect(() => {
    nav.current
      ?.querySelector("[aria-current]")
      ?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [current]);
  return (
    <header class="menu">
      <a class="brand" href={href([])}>
        Colloquy
      </a>
      <nav aria-label="Pages" ref={nav}>
        {pages
          .filter(({ isPart }) => !isPart)
          .map(({ name, title }) => (
            <a
              href={href([name])}
              aria-current={name === current || name === `${current}s` ? "page" : undefined}
            >
              {title}
            </a>
          ))}
      </nav>
      <div class="who">
        {account && (
          <span class="account" title="The account">
            {account}
          </span>
        )}
        <button type="button" onClick={() => signOut()}>
          Sign out
        </button>
      </div>
    </header>
  );
}

const loaded = new Map<string, ComponentType>();

function Lazy({ page }: { page: Page }) {
  const [, setLoaded] = useState(0);
  useEffect(() => {
    document.title = `${page.title} – Colloquy`;
    if (loaded.has(page.name)) return;
    const load = async () => {
      loaded.set(page.name, await page.load());
      setLoaded((before) => before + 1);
    };
    void load();
  }, [page.name]);
  const Component = loaded.get(page.name);
  return Component ? (
    <Component />
  ) : (
    <p class="faint" aria-busy="true">
      Loading…
    </p>
  );
}

const NoPage = ({ name }: { name: string }) =>
  may("read") ? (
    <section>
      <h1>There is no such page</h1>
      <p>
        Either there is no page “{name}”, or this key may not see it.{" "}
        <a href={href([])}>Go to the first page</a>
      </p>
    </section>
  ) : (
    <section>
      <h1>This key may not read</h1>
      <p>
        The console needs a key with the scope <code>read</code>. This one has{" "}
        {signedIn.value?.rights.join(", ")}.
      </p>
    </section>
  );
