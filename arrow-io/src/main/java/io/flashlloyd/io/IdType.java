package io.flashlloyd.io;

/** What names a row in the results: its number in input order, or a column of the input. */
public enum IdType {
  ROW_NUMBER,
  INT32,
  INT64,
  STRING
}
