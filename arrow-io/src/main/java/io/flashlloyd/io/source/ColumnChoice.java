package io.flashlloyd.io.source;

/**
 * What the user said of the columns, each null where nothing.
 *
 * @param column the vector column
 * @param idColumn the id column
 * @param bfloat16 whether elements of two bytes without a type are bfloat16
 */
public record ColumnChoice(String column, String idColumn, boolean bfloat16) {}
