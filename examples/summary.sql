-- The strongest smile of every face, and where it is in the video. Needs DuckDB.
--
-- duckdb < examples/summary.sql, in the folder that holds talking-face.parquet

SELECT
  track,
  count(*) AS frames,
  round(avg(valence_derived_smoothed), 3) AS mean_valence,
  round(max(au12_intensity_smoothed), 2) AS strongest_au12,
  round(arg_max(pts_s, au12_intensity_smoothed), 2) AS at_seconds
FROM 'talking-face.parquet' -- '*.parquet' reads all videos at once; "source" tells them apart
WHERE validity = 'ok'
GROUP BY track
ORDER BY track;
