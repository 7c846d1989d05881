-- Runs are found by the correlation id and the trace that they were started with. Both are in their headers; a run
-- without them has no entry, and costs one look at a short text.
CREATE INDEX run_by_correlation
  ON run (CASE WHEN json_valid(headers) THEN json_extract(headers, '$."X-Correlation-ID"') END)
  WHERE instr(headers, '"X-Correlation-ID"') > 0;

CREATE INDEX run_by_trace
  ON run (CASE WHEN json_valid(headers) THEN substr(json_extract(headers, '$.traceparent'), 4, 32) END)
  WHERE instr(headers, '"traceparent"') > 0;
