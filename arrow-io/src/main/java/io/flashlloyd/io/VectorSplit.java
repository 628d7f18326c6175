package io.flashlloyd.io;

import io.flashlloyd.io.source.SourceType;
import java.io.Serializable;

/**
 * A range of rows of one file: a byte range, or whole Parquet row groups or Arrow record batches.
 *
 * @param index position among the dataset's splits, which are in row order
 * @param uri the file
 * @param source the coordinates' type in the file
 * @param firstRow global number of the first row
 * @param rows rows in the split, at least 1
 * @param firstRowInFile number of the first row within the file, as errors give it
 * @param offset byte position of the first row, or of the first part where it is found by that
 * @param firstPart ordinal of the first row group or record batch (partitioned formats)
 * @param parts how many of them
 */
public record VectorSplit(
    int index,
    String uri,
    VectorFormat format,
    SourceType source,
    long firstRow,
    long rows,
    long firstRowInFile,
    long offset,
    int firstPart,
    int parts)
    implements Serializable {
  private static final long serialVersionUID = 1L;
}
