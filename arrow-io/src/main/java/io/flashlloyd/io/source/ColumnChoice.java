package io.flashlloyd.io.source;

/**
 * The columns that the user named, each null where not.
 *
 * @param column the vector column
 * @param idColumn the id column
 */
public record ColumnChoice(String column, String idColumn) {}
