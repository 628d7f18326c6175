package io.flashlloyd.spark.report;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text from files and options as people may see it: without secrets of URIs, and without characters
 * that a terminal takes as commands.
 */
public final class PlainText {
  /** {@code user:password@} of a URI. */
  private static final Pattern PASSWORD = Pattern.compile("(://[^/@:\\s]*):[^/@\\s]+@");

  /** The same in Oracle's way. */
  private static final Pattern ORACLE = Pattern.compile("(:thin:[^/@\\s]*)/[^@\\s]+@");

  /** Parameters of a signed URI, or of a database's. */
  private static final Pattern SIGNATURE =
      Pattern.compile(
          "(?i)([?&;](?:sig|key|pwd|[\\w.-]*(?:signature|token|passw|secret|credential|access.?key"
              + "|api.?key)[\\w.-]*)=)[^&;\\s]+");

  /** Control characters, and those that change the direction of what follows. */
  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{Cc}\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]");

  private PlainText() {}

  /** Secrets in URIs become {@code ***}; all else stays. */
  public static String withoutSecrets(String text) {
    String named = PASSWORD.matcher(text).replaceAll("$1:***@");
    named = ORACLE.matcher(named).replaceAll("$1/***@");
    return SIGNATURE.matcher(named).replaceAll("$1***");
  }

  /** One line: control characters, line ends among them, as they are written in Java. */
  public static String line(String text) {
    return escaped(withoutSecrets(text), "");
  }

  /** Several lines: line ends and tabs stay. */
  public static String lines(String text) {
    return escaped(withoutSecrets(text), "\n\t");
  }

  private static String escaped(String text, String kept) {
    Matcher matcher = UNPRINTABLE.matcher(text);
    return matcher.replaceAll(
        found -> {
          String character = found.group();
          return kept.contains(character)
              ? Matcher.quoteReplacement(character)
              : Matcher.quoteReplacement(
                  String.format(Locale.ROOT, "\\u%04x", (int) character.charAt(0)));
        });
  }
}
