import assert from "node:assert/strict";
import { test } from "node:test";
import { columns } from "../admin/live.js";

test("the highest column fills the chart, and an hour of silence draws nothing", () => {
  assert.deepEqual(columns([0, 5, 10]).map(({ height }) => height), [0, 24, 48]);
  assert.deepEqual(columns([0, 0]).map(({ height }) => height), [0, 0]);
  assert.deepEqual(columns([]), []);
});
