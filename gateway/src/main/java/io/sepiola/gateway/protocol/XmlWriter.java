package io.sepiola.gateway.protocol;

import io.sepiola.base.Bytes;

import java.nio.charset.StandardCharsets;

/** Writes S3's XML. Each method returns this. Owned by one caller. */
public final class XmlWriter {
    private static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

    private final StringBuilder out = new StringBuilder(1024);

    /** Starts the document. */
    public XmlWriter() {
        out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    }

    /** Opens the outermost element in S3's namespace. */
    public XmlWriter root(String name) {
        out.append('<').append(name).append(" xmlns=\"").append(NAMESPACE).append("\">");
        return this;
    }

    /** Opens an element. */
    public XmlWriter open(String name) {
        out.append('<').append(name).append('>');
        return this;
    }

    /** Closes an element. */
    public XmlWriter close(String name) {
        out.append("</").append(name).append('>');
        return this;
    }

    /** An element with a text. */
    public XmlWriter text(String name, String text) {
        open(name);
        escape(text);
        return close(name);
    }

    /** An element with a number. */
    public XmlWriter text(String name, long number) {
        open(name);
        out.append(number);
        return close(name);
    }

    /** An element with a truth. */
    public XmlWriter text(String name, boolean truth) {
        return text(name, truth ? "true" : "false");
    }

    /** What is known to be well-formed. */
    public XmlWriter raw(String xml) {
        out.append(xml);
        return this;
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\n', '\t', '\r' -> reference(c);
                default -> {
                    // XML 1.0 has no form for other control characters, and S3 writes references
                    // all the same; clients that list such keys ask for encoding-type=url.
                    if (c < ' ' || c == 0xfffe || c == 0xffff) {
                        reference(c);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
    }

    private void reference(char c) {
        out.append("&#").append((int) c).append(';');
    }

    /** The document so far. */
    public Bytes toBytes() {
        return Bytes.of(out.toString().getBytes(StandardCharsets.UTF_8));
    }
}
