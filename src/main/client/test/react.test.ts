// The hook, in React itself.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createElement } from "react";
import { act, create } from "react-test-renderer";
import { createCustomOrchestrator, type Orchestrator, type OperationResult, type SearchData } from "../src/index.js";
import { useOrchestrator, type UseOrchestrator } from "../src/react.js";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

type Search = OperationResult<SearchData>;

/** An orchestrator whose searches end when the test says so. */
function held(): { orchestrator: Orchestrator; end: ((result: Search | Error) => void)[] } {
  const end: ((result: Search | Error) => void)[] = [];
  const never = {} as never;
  const orchestrator = createCustomOrchestrator(never, never, never, never, {}, { enableAlerts: false });
  orchestrator.searchAndTriggerWorkflows = () =>
    new Promise<Search>((resolve, reject) =>
      end.push((result) => (result instanceof Error ? reject(result) : resolve(result))),
    );
  return { orchestrator, end };
}

function shown(orchestrator: Orchestrator): { hook: () => UseOrchestrator; all: UseOrchestrator[]; unmount(): void } {
  const all: UseOrchestrator[] = [];
  const Component = () => {
    all.push(useOrchestrator(orchestrator));
    return null;
  };
  let renderer: { unmount(): void } | undefined;
  act(() => {
    renderer = create(createElement(Component));
  });
  return {
    all,
    hook: () => all[all.length - 1] as UseOrchestrator,
    unmount: () => act(() => renderer?.unmount()),
  };
}

const data = { searchResults: { documents: [], total: 0 } } as unknown as SearchData;

test("SH-19 it loads until the last call has ended", async () => {
  const { orchestrator, end } = held();
  const view = shown(orchestrator);
  let first: Promise<SearchData | null> | undefined;
  let second: Promise<SearchData | null> | undefined;
  await act(async () => {
    first = view.hook().searchAndTrigger("a");
    second = view.hook().searchAndTrigger("b");
  });
  assert.equal(view.hook().isLoading, true);

  await act(async () => end[0]?.({ success: true, data }));
  assert.equal(view.hook().isLoading, true);
  assert.equal(await first, data);

  await act(async () => end[1]?.({ success: false, error: "went wrong" }));
  assert.equal(view.hook().isLoading, false);
  assert.equal(await second, null);
  assert.equal(view.hook().error, "went wrong");

  await act(async () => void view.hook().searchAndTrigger("c"));
  assert.equal(view.hook().error, null);
  await act(async () => end[2]?.({ success: false }));
  assert.equal(view.hook().error, "Operation failed");

  await act(async () => void view.hook().searchAndTrigger("d"));
  await act(async () => end[3]?.(new Error("thrown")));
  assert.equal(view.hook().error, "thrown");
  assert.equal(view.hook().searchAndTrigger, view.all[0]?.searchAndTrigger);
  view.unmount();
});

test("SH-19 what ends after the component is gone changes nothing", async () => {
  const { orchestrator, end } = held();
  const view = shown(orchestrator);
  let call: Promise<SearchData | null> | undefined;
  await act(async () => {
    call = view.hook().searchAndTrigger("a");
  });
  view.unmount();
  const renders = view.all.length;

  end[0]?.({ success: false, error: "late" });

  assert.equal(await call, null);
  assert.equal(view.all.length, renders);
});
