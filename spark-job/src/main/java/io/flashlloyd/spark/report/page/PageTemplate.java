package io.flashlloyd.spark.report.page;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts the page's parts into one file that loads nothing and runs no script but its own. */
final class PageTemplate {
  private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");
  private static final String LIBRARY = "chart.umd.min.js";

  private PageTemplate() {}

  /** {@code report.html} with these texts, as they are, in their places. */
  static String fill(Map<String, String> parts) throws IOException {
    Map<String, String> all = new HashMap<>(parts);
    all.put("policy", policy(parts.get("library"), parts.get("charts"), parts.get("script")));
    return PLACE
        .matcher(resource("report.html"))
        .replaceAll(place -> Matcher.quoteReplacement(all.get(place.group(1))));
  }

  /** Scripts are allowed by their hash: text that got into the page by mistake cannot run. */
  private static String policy(String... scripts) {
    StringBuilder policy = new StringBuilder("default-src 'none'; img-src data:;");
    policy.append(" style-src 'unsafe-inline'; script-src");
    for (String script : scripts) {
      policy.append(" 'sha256-").append(sha256(script)).append('\'');
    }
    return policy.toString();
  }

  private static String sha256(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  /** Chart.js as published, less the address of its source map, which browsers would ask for. */
  static String library() throws IOException {
    String library = resource(LIBRARY);
    return library.substring(0, library.lastIndexOf("//# sourceMappingURL="));
  }

  static String resource(String name) throws IOException {
    try (InputStream in = PageTemplate.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("The jar lacks %s; build it again".formatted(name));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
