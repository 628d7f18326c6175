package io.flashlloyd.io;

/**
 * A column that could hold vectors or ids, as a person has to know it who chooses among them.
 *
 * @param name as {@code column} and {@code idColumn} of an {@link InputSpec} take it
 * @param nested whether it is a struct's field
 * @param vectors whether it could hold vectors
 * @param ids whether it could name rows
 * @param type in the format's own words
 * @param bfloat16 whether it holds vectors only where {@link InputSpec#bfloat16} says so
 * @param dimension of its vectors, or 0 where the file does not say it without being read
 * @param nulls how many values are null or missing, or -1 where the file does not say
 * @param codec how it is compressed, or null where it is not
 */
public record ColumnInfo(
    String name,
    boolean nested,
    boolean vectors,
    boolean ids,
    String type,
    boolean bfloat16,
    long dimension,
    long nulls,
    String codec) {
  /** The same column in two files, of one name and type. */
  ColumnInfo and(ColumnInfo more) {
    boolean agree = codec == null ? more.codec == null : codec.equals(more.codec);
    return new ColumnInfo(
        name,
        nested,
        vectors,
        ids,
        type,
        bfloat16,
        dimension == more.dimension ? dimension : 0,
        nulls < 0 || more.nulls < 0 ? -1 : nulls + more.nulls,
        agree ? codec : codec + ", " + more.codec);
  }
}
