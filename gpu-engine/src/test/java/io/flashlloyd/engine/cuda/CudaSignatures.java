package io.flashlloyd.engine.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What every entry point of the CUDA sources takes, structs taken apart into their fields. */
final class CudaSignatures {
  private static final Pattern MACRO = Pattern.compile("#define (\\w+)\\(([^)]*)\\)(.*)");
  private static final Pattern KERNEL =
      Pattern.compile(
          "extern \"C\" __global__ void\\s+(?:__\\w+__\\([^()]*\\)\\s*)*(\\w+)\\s*\\("
              + "([^()]*)\\)");
  private static final Pattern STRUCT =
      Pattern.compile("struct (?:__align__\\(\\d+\\) )?(\\w+) \\{(.*?)\\n\\};", Pattern.DOTALL);

  private static final Pattern LENGTH = Pattern.compile("constexpr int (\\w+) = (\\d+);");
  private static final Pattern DECLARATION =
      Pattern.compile(
          "(?:const )?(?:unsigned )?(long long|\\w+)(\\*? |\\*)(\\w+)(?:\\[(\\w+)\\])?");

  /**
   * A value that a launch passes.
   *
   * @param begins whether a parameter of the kernel begins with it
   * @param name as the launcher or the kernel calls it, a field behind its struct's name and a dot
   * @param kind {@code address}, {@code int32}, {@code int64}, {@code float32} or {@code float64}
   */
  record Value(boolean begins, String kind, String name) {}

  private final Map<String, String> structs = new HashMap<>();
  private final Map<String, Integer> lengths = new HashMap<>();
  private final Map<String, List<Value>> kernels = new TreeMap<>();

  /** Reads all sources of the folder. */
  static CudaSignatures of(Path folder) throws IOException {
    CudaSignatures signatures = new CudaSignatures();
    List<String> texts = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().matches(".*\\.cuh?")).toList()) {
        texts.add(
            Files.readString(file)
                .replaceAll("//[^\\n]*", "")
                .replaceAll("(?s)/\\*.*?\\*/", "")
                .replaceAll("\\\\\\n", " "));
      }
    }
    for (String text : texts) {
      Matcher length = LENGTH.matcher(text);
      while (length.find()) {
        signatures.lengths.put(length.group(1), Integer.parseInt(length.group(2)));
      }
      Matcher struct = STRUCT.matcher(text);
      while (struct.find()) {
        signatures.structs.put(struct.group(1), struct.group(2));
      }
    }
    texts.forEach(text -> signatures.read(expanded(text)));
    return signatures;
  }

  /** By symbol. */
  Map<String, List<Value>> kernels() {
    return kernels;
  }

  /** The macros that make entry points, applied; their definitions, which name none, are gone. */
  private static String expanded(String text) {
    StringBuilder all = new StringBuilder(text.replaceAll("(?m)^#define.*$", ""));
    Matcher macro = MACRO.matcher(text);
    while (macro.find()) {
      if (!macro.group(3).contains("extern \"C\"")) {
        continue;
      }
      String[] names = macro.group(2).split(",\\s*");
      Matcher call = Pattern.compile("(?m)^" + macro.group(1) + "\\(([^)]*)\\)").matcher(text);
      while (call.find()) {
        String[] values = call.group(1).split(",\\s*");
        String body = macro.group(3);
        for (int i = 0; i < names.length; i++) {
          body = body.replaceAll("\\b" + names[i].strip() + "\\b", values[i].strip());
        }
        all.append('\n').append(body.replaceAll("\\s*##\\s*", ""));
      }
    }
    return all.toString();
  }

  private void read(String text) {
    Matcher kernel = KERNEL.matcher(text);
    while (kernel.find()) {
      List<Value> values = new ArrayList<>();
      for (String parameter : kernel.group(2).split(",")) {
        int before = values.size();
        add(parameter.strip().replaceAll("\\s+", " "), "", values);
        Value first = values.get(before);
        values.set(before, new Value(true, first.kind(), first.name()));
      }
      kernels.put(kernel.group(1), values);
    }
  }

  /** Of a declaration such as {@code const float* norms}. */
  private void add(String declaration, String owner, List<Value> values) {
    Matcher words = DECLARATION.matcher(declaration);
    if (!words.matches()) {
      throw new IllegalStateException("Declaration \"" + declaration + "\" is not understood");
    }
    String kind =
        words.group(2).contains("*")
            ? "address"
            : switch (words.group(1)) {
              case "int", "u32" -> "int32";
              case "u64", "long long" -> "int64";
              case "float" -> "float32";
              case "double" -> "float64";
              default -> null;
            };
    if (kind != null) {
      int length = words.group(4) == null ? 1 : lengths.get(words.group(4));
      for (int i = 0; i < length; i++) {
        values.add(new Value(false, kind, owner + words.group(3)));
      }
      return;
    }
    String fields = structs.get(words.group(1));
    if (fields == null) {
      throw new IllegalStateException("Struct " + words.group(1) + " is not in the sources");
    }
    // Fields come before what a struct can do.
    for (String field : fields.split("__device__|__host__")[0].split(";")) {
      if (!field.isBlank()) {
        add(field.strip(), words.group(1) + ".", values);
      }
    }
  }
}
