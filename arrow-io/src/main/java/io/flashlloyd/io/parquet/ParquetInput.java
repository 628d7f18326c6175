package io.flashlloyd.io.parquet;

import io.flashlloyd.io.source.SourceFile;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.util.HadoopStreams;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** A file as Parquet's reader takes it, opened as all our files are. */
record ParquetInput(String uri, Configuration hadoop) implements InputFile {
  @Override
  public long getLength() throws IOException {
    return SourceFile.length(uri, hadoop);
  }

  @Override
  public SeekableInputStream newStream() throws IOException {
    return HadoopStreams.wrap(SourceFile.open(uri, hadoop));
  }

  @Override
  public String toString() {
    return uri;
  }
}
