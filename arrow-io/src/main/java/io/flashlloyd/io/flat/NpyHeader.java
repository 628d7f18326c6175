package io.flashlloyd.io.flat;

import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.source.SourceType;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The header of a .npy file: magic, version, header length (u16 in version 1, u32 after), then a
 * Python dict literal. {@code bytes} is where the values start.
 */
record NpyHeader(long bytes, SourceType source, BigInteger rows, BigInteger dimension) {
  private static final int PREFIX = 12;

  /** NumPy itself refuses to trust longer ones. */
  private static final long MAX_DICT = 1 << 20;

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9L,\\s]{0,80})\\)");
  private static final Map<String, SourceType> TYPES =
      Map.of(
          "<f2", SourceType.FLOAT16,
          "<f4", SourceType.FLOAT32,
          "<f8", SourceType.FLOAT64,
          "|u1", SourceType.UINT8,
          "<u1", SourceType.UINT8,
          "|i1", SourceType.INT8,
          "<i1", SourceType.INT8);

  static NpyHeader read(FlatContent file, boolean bfloat16) throws IOException {
    if (file.length() < PREFIX) {
      throw FlatHeader.tooShort(file, "npy", PREFIX);
    }
    ByteBuffer prefix = ByteBuffer.wrap(file.head(PREFIX)).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < MAGIC.length; i++) {
      if (prefix.get(i) != MAGIC[i]) {
        throw VectorInputException.inFile(
            file.uri(), "does not start with the npy magic \\x93NUMPY; it is another format");
      }
    }
    int version = prefix.get(6);
    if (version < 1 || version > 3) {
      throw VectorInputException.inFile(
          file.uri(), "its npy version is %d (expected 1, 2 or 3)".formatted(version));
    }
    int start = version == 1 ? 10 : 12;
    long length =
        version == 1
            ? Short.toUnsignedLong(prefix.getShort(8))
            : Integer.toUnsignedLong(prefix.getInt(8));
    if (length > MAX_DICT || start + length > file.length()) {
      throw VectorInputException.inFile(
          file.uri(),
          "its npy header says %d bytes of %d (expected at most %d); it is truncated or corrupt"
              .formatted(length, file.length(), MAX_DICT));
    }
    byte[] dict = file.range(start, (int) length);
    return parse(file, start + length, bfloat16, new String(dict, StandardCharsets.ISO_8859_1));
  }

  private static NpyHeader parse(FlatContent file, long bytes, boolean bfloat16, String dict)
      throws VectorInputException {
    String descr = find(DESCR, dict, file);
    boolean twoBytes = descr.matches("[<|]V2");
    SourceType source = twoBytes && bfloat16 ? SourceType.BFLOAT16 : TYPES.get(descr);
    if (source == null && twoBytes) {
      throw VectorInputException.inFile(
          file.uri(),
          ("its npy type is '%s', two bytes of no type (expected <f2, <f4, <f8, |u1 or |i1); if"
                  + " they are bfloat16, as ml_dtypes saves them, say --bfloat16")
              .formatted(descr));
    }
    if (source == null) {
      throw VectorInputException.inFile(
          file.uri(),
          "its npy type is '%s' (expected little-endian <f2, <f4, <f8, |u1 or |i1); %s"
              .formatted(
                  descr,
                  descr.startsWith(">")
                      ? "it is big-endian: save array.astype('<f4')"
                      : "save array.astype('<f4')"));
    }
    if (find(ORDER, dict, file).equals("True")) {
      throw VectorInputException.inFile(
          file.uri(),
          "its npy array is in Fortran order (expected C order); save np.ascontiguousarray(array)");
    }
    String shape = find(SHAPE, dict, file);
    List<BigInteger> sides =
        Stream.of(shape.split(",", -1))
            .map(side -> side.replace("L", "").strip())
            .filter(side -> !side.isEmpty())
            .filter(side -> side.chars().allMatch(c -> c >= '0' && c <= '9')) // "4 4" is no side
            .map(BigInteger::new)
            .toList();
    if (sides.size() != 2) {
      throw VectorInputException.inFile(
          file.uri(),
          "its npy shape is (%s) (expected two sides: rows, dimension); reshape the array"
              .formatted(shape));
    }
    return new NpyHeader(bytes, source, sides.get(0), sides.get(1));
  }

  private static String find(Pattern pattern, String dict, FlatContent file)
      throws VectorInputException {
    Matcher matcher = pattern.matcher(dict);
    if (!matcher.find()) {
      throw VectorInputException.inFile(
          file.uri(),
          "its npy header is \"%s\" (expected descr, fortran_order and shape of a plain array)"
              .formatted(dict.strip()));
    }
    return matcher.group(1);
  }
}
