package io.flashlloyd.io.parquet;

import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.source.SourceFile;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.crypto.ParquetCryptoRuntimeException;
import org.apache.parquet.hadoop.ParquetFileReader;

/** Opening Parquet files, their columns, and what their errors mean. */
final class ParquetFiles {
  private ParquetFiles() {}

  static ParquetFileReader open(String uri, Configuration hadoop) throws IOException {
    try {
      return ParquetFileReader.open(
          new ParquetInput(uri, hadoop), HadoopReadOptions.builder(hadoop, new Path(uri)).build());
    } catch (IOException | RuntimeException e) {
      throw explain(uri, e);
    }
  }

  /** An error while opening a file or fetching a row group: the file's fault, or the storage's. */
  static IOException explain(String uri, Exception e) {
    if (e instanceof EOFException || e instanceof RuntimeException) {
      return damaged(uri, e);
    }
    // Parquet wraps the complaints of its Thrift decoder in plain IOExceptions.
    boolean decoder = e.getCause() != null && !(e.getCause() instanceof IOException);
    return decoder ? damaged(uri, e) : SourceFile.explain(uri, (IOException) e);
  }

  /** An error while decoding pages in memory. Decoders run into anything; all of it is damage. */
  static IOException damaged(String uri, Exception e) {
    if (e instanceof VectorInputException known) {
      return known;
    }
    if (e instanceof ParquetCryptoRuntimeException) {
      return new VectorInputException(
          ("%s: is encrypted, which is not read (%s; expected a Parquet file without encryption);"
                  + " decrypt it")
              .formatted(uri, e.getMessage()),
          e);
    }
    Exception cause = e instanceof UncheckedIOException unchecked ? unchecked.getCause() : e;
    return VectorInputException.corrupt(uri, "Parquet", cause);
  }
}
