package io.flashlloyd.spark;

import java.util.Locale;
import java.util.function.Supplier;

/** What this process says where numbers are written in another way. */
public final class InLocale {
  private InLocale() {}

  /** A decimal comma, and dots between thousands. */
  public static <T> T german(Supplier<T> said) {
    return in(Locale.GERMANY, said);
  }

  /** Digits that are not ASCII's. */
  public static <T> T arabic(Supplier<T> said) {
    return in(Locale.forLanguageTag("ar-EG-u-nu-arab"), said);
  }

  private static <T> T in(Locale locale, Supplier<T> said) {
    Locale before = Locale.getDefault(Locale.Category.FORMAT);
    Locale.setDefault(Locale.Category.FORMAT, locale);
    try {
      return said.get();
    } finally {
      Locale.setDefault(Locale.Category.FORMAT, before);
    }
  }
}
