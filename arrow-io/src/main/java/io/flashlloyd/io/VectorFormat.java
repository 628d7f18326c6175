package io.flashlloyd.io;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The file formats that hold vectors. Their layouts are in docs/formats.md. */
public enum VectorFormat {
  PARQUET("parquet", "parq"),
  ARROW("arrow", "arrows", "feather", "ipc"),
  NPY("npy"),
  NPZ("npz"),
  FVECS("fvecs"),
  BVECS("bvecs"),
  FBIN("fbin"),
  U8BIN("u8bin"),
  I8BIN("i8bin"),
  HDF5("hdf5", "h5"),
  /** Computed rows: {@code synthetic:rows=N,dim=D,...}; no file has this format. */
  SYNTHETIC();

  @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
  private final List<String> extensions;

  VectorFormat(String... extensions) {
    this.extensions = List.of(extensions);
  }

  /** The format's name on a command line, in lower case. */
  public String optionName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The format that an option names; {@code "auto"} gives null, which {@link InputSpec} takes as
   * "look at each file".
   *
   * @throws IllegalArgumentException for any other word, listing those that are known
   */
  public static VectorFormat parse(String option) {
    if (option.equalsIgnoreCase("auto")) {
      return null;
    }
    for (VectorFormat format : values()) {
      if (format != SYNTHETIC && format.optionName().equalsIgnoreCase(option)) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        "Format '%s' is unknown (expected auto, %s)".formatted(option, optionNames()));
  }

  /** The format of a file name's extension, or null where it says nothing. */
  public static VectorFormat ofFileName(String name) {
    String plain = name.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
    String extension = plain.substring(plain.lastIndexOf('.') + 1);
    for (VectorFormat format : values()) {
      if (format.extensions.contains(extension)) {
        return format;
      }
    }
    return null;
  }

  /** The option names of all formats of files, as an error lists them. */
  public static String optionNames() {
    return Arrays.stream(values())
        .filter(format -> format != SYNTHETIC)
        .map(VectorFormat::optionName)
        .collect(Collectors.joining(", "));
  }
}
