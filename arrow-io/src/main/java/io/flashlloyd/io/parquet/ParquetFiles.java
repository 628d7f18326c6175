package io.flashlloyd.io.parquet;

import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.source.SourceFile;
import java.io.EOFException;
import java.io.IOException;
import org.apache.parquet.crypto.ParquetCryptoRuntimeException;

/** What errors on Parquet files mean. */
final class ParquetFiles {
  private ParquetFiles() {}

  /** An error while opening a file or fetching a row group: the file's fault, or the storage's. */
  static IOException explain(String uri, Exception e) {
    if (e instanceof EOFException || e instanceof RuntimeException) {
      return damaged(uri, e);
    }
    // Parquet wraps the complaints of its Thrift decoder in plain IOExceptions.
    boolean decoder = e.getCause() != null && !(e.getCause() instanceof IOException);
    return decoder ? damaged(uri, e) : SourceFile.explain(uri, (IOException) e);
  }

  /** An error while pages are read: of the storage, unless the file has become shorter. */
  static IOException whileReading(String uri, IOException e) {
    return e instanceof EOFException ? e : new StorageFailure(SourceFile.explain(uri, e));
  }

  /** Keeps its cause apart from what decoders throw. */
  private static final class StorageFailure extends IOException {
    private static final long serialVersionUID = 1L;

    StorageFailure(IOException cause) {
      super(cause);
    }
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
    return e instanceof StorageFailure failure
        ? (IOException) failure.getCause()
        : VectorInputException.corrupt(uri, "Parquet", e);
  }
}
