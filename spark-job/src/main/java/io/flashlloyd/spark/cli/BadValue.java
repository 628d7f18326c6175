package io.flashlloyd.spark.cli;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** An option's value that is no value of its type, in the words of our other errors. */
final class BadValue {
  private BadValue() {}

  /** Empty where it is not the value that is wrong. */
  static Optional<String> message(ParameterException failure) {
    ArgSpec option = failure.getArgSpec();
    String value = failure.getValue();
    if (failure.getClass() != ParameterException.class || option == null || value == null) {
      return Optional.empty();
    }
    return expected(option, value, failure.getCause() != null)
        .map(expected -> "%s is '%s' (expected %s)".formatted(name(option), value, expected));
  }

  private static String name(ArgSpec option) {
    return option instanceof OptionSpec named ? named.names()[0] : option.paramLabel();
  }

  private static Optional<String> expected(ArgSpec option, String value, boolean converting) {
    Class<?>[] types = option.auxiliaryTypes();
    String form = option.paramLabel();
    if (!Map.class.isAssignableFrom(option.type())) {
      return type(types[0], value);
    }
    return converting
        ? type(types[1], value).map(type -> type + ", as X in " + form)
        : Optional.of(form);
  }

  private static Optional<String> type(Class<?> type, String value) {
    if (type == int.class || type == Integer.class) {
      return Optional.of(whole(value, Integer.MAX_VALUE));
    } else if (type == long.class || type == Long.class) {
      return Optional.of(whole(value, Long.MAX_VALUE));
    } else if (type == double.class || type == Double.class) {
      return Optional.of("a number");
    } else if (type == boolean.class || type == Boolean.class) {
      return Optional.of("true or false");
    }
    return Optional.empty();
  }

  private static String whole(String value, long most) {
    BigDecimal number;
    try {
      number = new BigDecimal(value);
    } catch (NumberFormatException e) {
      return "a whole number";
    }
    if (number.stripTrailingZeros().scale() > 0) {
      return "a whole number";
    } else if (number.abs().compareTo(BigDecimal.valueOf(most)) <= 0) {
      return number.stripTrailingZeros().toPlainString() + ", in digits";
    }
    return number.signum() < 0 ? "a larger number" : "at most %,d".formatted(most);
  }
}
