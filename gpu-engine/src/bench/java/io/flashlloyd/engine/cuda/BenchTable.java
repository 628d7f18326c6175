package io.flashlloyd.engine.cuda;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What the bench found, a line for each shape: as JSON, and as a table for people. */
final class BenchTable {
  private static final String HEAD =
      """
      | problems N K d type | screen ms (TFLOP/s, of limit) | sort | decide (of limit) | sum \
      | resolve | assign ms: ours, limit, peer, ratio | with costs \
      | full sums ms: ours, limit, peer, ratio | iteration ms: ours, peer, ratio \
      | wall ms | sums of moved rows ms (rows) | check |
      |---|---|---|---|---|---|---|---|---|---|---|---|---|
      """;

  private final List<Map<String, Object>> lines = new ArrayList<>();

  void add(Map<String, Object> line) {
    lines.add(new LinkedHashMap<>(line));
  }

  /** One JSON object a line. */
  List<String> json() {
    return lines.stream().map(BenchTable::json).toList();
  }

  static String json(Map<String, Object> line) {
    return line.entrySet().stream()
        .map(field -> '"' + field.getKey() + "\": " + json(field.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String json(Object value) {
    if (value instanceof Double number) {
      return String.format(Locale.ROOT, number < 10 ? "%.3f" : "%.1f", number);
    }
    return value instanceof Number ? value.toString() : '"' + value.toString() + '"';
  }

  /** A table in Markdown. */
  String markdown() {
    return HEAD + lines.stream().map(BenchTable::row).collect(Collectors.joining());
  }

  private static String row(Map<String, Object> line) {
    return ("| %s | %s (%s, %s) | %s | %s (%s) | %s | %s | %s, %s, %s, **%s** | %s "
            + "| %s, %s, %s, **%s** | %s, %s, **%s** | %s | %s (%s) | %s |%n")
        .formatted(
            cells(
                line,
                "shape screen_ms screen_tflops screen_of_limit sort_ms decide_ms decide_of_limit"
                    + " sum_ms resolve_ms assign_ms assign_limit_ms peer_assign_ms assign_ratio"
                    + " assign_measure_ms"
                    + " full_sums_ms full_sums_limit_ms peer_update_ms full_sums_ratio"
                    + " iteration_ms peer_iteration_ms iteration_ratio wall_ms moved_sums_ms"
                    + " moved_rows check"));
  }

  private static Object[] cells(Map<String, Object> line, String names) {
    List<Object> cells = new ArrayList<>();
    for (String name : names.split(" ")) {
      Object value = line.getOrDefault(name, "");
      cells.add(
          value instanceof Double number
              ? String.format(Locale.ROOT, number < 100 ? "%.2f" : "%.0f", number)
              : value);
    }
    return cells.toArray();
  }
}
