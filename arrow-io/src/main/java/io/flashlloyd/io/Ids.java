package io.flashlloyd.io;

import java.util.Arrays;

/**
 * The ids of consecutive rows: numbers, or texts for {@link IdType#STRING}. Immutable by
 * convention: the arrays are not copied.
 */
public final class Ids {
  private final IdType type;
  private final long[] numbers;
  private final String[] texts;

  private Ids(IdType type, long[] numbers, String[] texts) {
    this.type = type;
    this.numbers = numbers;
    this.texts = texts;
  }

  /**
   * Ids that are numbers; the array is theirs from now on.
   *
   * @throws IllegalArgumentException where the type is of texts
   */
  public static Ids ofNumbers(IdType type, long[] numbers) {
    if (type == IdType.STRING) {
      throw new IllegalArgumentException("Ids are numbers (expected texts for IdType STRING)");
    }
    return new Ids(type, numbers, null);
  }

  public static Ids ofTexts(String[] texts) {
    return new Ids(IdType.STRING, null, texts);
  }

  /** Row numbers {@code first}, {@code first + 1}, ... */
  public static Ids rowNumbers(long first, int rows) {
    long[] numbers = new long[rows];
    for (int i = 0; i < rows; i++) {
      numbers[i] = first + i;
    }
    return new Ids(IdType.ROW_NUMBER, numbers, null);
  }

  /** Ids {@code from} to {@code to} (exclusive). */
  public Ids range(int from, int to) {
    return type == IdType.STRING
        ? ofTexts(Arrays.copyOfRange(texts, from, to))
        : ofNumbers(type, Arrays.copyOfRange(numbers, from, to));
  }

  /** These and, behind them, more of their type. */
  public Ids and(Ids more) {
    int rows = rows();
    int all = Math.addExact(rows, more.rows());
    if (type == IdType.STRING) {
      String[] joined = Arrays.copyOf(texts, all);
      System.arraycopy(more.texts, 0, joined, rows, more.rows());
      return ofTexts(joined);
    }
    long[] joined = Arrays.copyOf(numbers, all);
    System.arraycopy(more.numbers, 0, joined, rows, more.rows());
    return ofNumbers(type, joined);
  }

  public IdType type() {
    return type;
  }

  public int rows() {
    return type == IdType.STRING ? texts.length : numbers.length;
  }

  /** Id of row {@code i} of any type but STRING. */
  public long number(int i) {
    return numbers[i];
  }

  /** Id of row {@code i} of type STRING. */
  public String text(int i) {
    return texts[i];
  }

  /** Whether row {@code i} has the id that row {@code j} of others has; texts are no numbers. */
  public boolean same(int i, Ids others, int j) {
    if ((type == IdType.STRING) != (others.type == IdType.STRING)) {
      return false;
    }
    return type == IdType.STRING
        ? texts[i].equals(others.texts[j])
        : numbers[i] == others.numbers[j];
  }

  /** A hash of row {@code i}'s id, the same for integers of any type. */
  public int hash(int i) {
    long bits = (type == IdType.STRING ? texts[i].hashCode() : numbers[i]) * 0x9e3779b97f4a7c15L;
    return (int) (bits >>> Integer.SIZE) ^ (int) bits >>> 15;
  }

  /** Id of row {@code i} of any type, for people. */
  public String name(int i) {
    return type == IdType.STRING ? texts[i] : Long.toString(numbers[i]);
  }
}
