package io.flashlloyd.engine.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** What src/bench/python/flash_kmeans_peer.py wrote: a flat JSON object a line. */
final class BenchPeer {
  private static final String[] KEY = {"problems", "N", "K", "d", "dtype"};

  private final Map<String, String> lines = new HashMap<>();

  static BenchPeer none() {
    return new BenchPeer();
  }

  static BenchPeer read(Path file) throws IOException {
    BenchPeer peer = new BenchPeer();
    for (String line : Files.readAllLines(file)) {
      StringBuilder key = new StringBuilder();
      for (String name : KEY) {
        key.append(field(line, name)).append(' ');
      }
      peer.lines.put(key.toString().strip(), line);
    }
    return peer;
  }

  /** Milliseconds of the shape's field; empty where the peer has none. */
  OptionalDouble millis(String shape, String name) {
    String value = lines.containsKey(shape) ? field(lines.get(shape), name) : "";
    return value.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(value));
  }

  /** Empty where it is missing. */
  private static String field(String json, String name) {
    String key = '"' + name + "\": ";
    int begin = json.indexOf(key) + key.length();
    if (begin < key.length()) {
      return "";
    }
    int end = begin;
    while (end < json.length() && ",}".indexOf(json.charAt(end)) < 0) {
      end++;
    }
    return json.substring(begin, end).replace("\"", "");
  }
}
