package io.sepiola.gateway.protocol;

import org.jspecify.annotations.Nullable;

import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads small XML documents of clients into elements. Only UTF-8; no document type, no entities but
 * XML's own five, no depth and no count beyond what S3's documents need.
 */
public final class XmlReader {
    private static final int DEPTH_MAX = 8;
    private static final int ELEMENT_COUNT_MAX = 80_000;
    private static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

    private static final XMLInputFactory FACTORY = factory();

    private XmlReader() {}

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        factory.setXMLResolver((publicId, systemId, baseUri, namespace) -> {
            throw new XMLStreamException("nothing is fetched");
        });
        return factory;
    }

    /**
     * An element.
     *
     * @param name without its namespace
     * @param text all text directly in it, trimmed only by {@link #textOf}
     */
    public record Element(String name, String text, List<Element> children) {
        /** The first child of this name, or null. */
        public @Nullable Element childOrNull(String wanted) {
            for (Element child : children) {
                if (child.name.equals(wanted)) {
                    return child;
                }
            }
            return null;
        }

        /** The first such child's text, or null. */
        public @Nullable String textOf(String wanted) {
            Element child = childOrNull(wanted);
            return child == null ? null : child.text;
        }
    }

    /**
     * Reads a document whose outermost element must have this name.
     *
     * @throws S3Exception MalformedXML
     */
    public static Element read(byte[] document, String root) {
        try {
            String text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(document))
                            .toString();
            Element element = parse(text);
            if (!element.name.equals(root)) {
                throw malformed();
            }
            return element;
        } catch (CharacterCodingException | XMLStreamException notXml) {
            throw malformed();
        }
    }

    private static S3Exception malformed() {
        return new S3Exception(S3Error.MALFORMED_XML);
    }

    private static final class Open {
        private final String name;
        private final StringBuilder text = new StringBuilder();
        private final List<Element> children = new ArrayList<>(4);

        private Open(String name) {
            this.name = name;
        }
    }

    private static Element parse(String text) throws XMLStreamException {
        XMLStreamReader reader;
        synchronized (FACTORY) { // the factory is not said to be safe for threads
            reader = FACTORY.createXMLStreamReader(new StringReader(text));
        }
        String encoding = reader.getCharacterEncodingScheme();
        if (encoding != null && !encoding.equalsIgnoreCase("UTF-8")) {
            throw malformed();
        }
        List<Open> path = new ArrayList<>();
        Element root = null;
        int count = 0;
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    count++;
                    if (count > ELEMENT_COUNT_MAX || path.size() >= DEPTH_MAX) {
                        throw malformed();
                    }
                    checkNamespace(reader.getNamespaceURI());
                    path.add(new Open(reader.getLocalName()));
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    if (!path.isEmpty()) {
                        path.getLast().text.append(reader.getText());
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    Open done = path.removeLast();
                    Element element =
                            new Element(
                                    done.name,
                                    done.text.toString(),
                                    Collections.unmodifiableList(done.children));
                    if (path.isEmpty()) {
                        root = element;
                    } else {
                        path.getLast().children.add(element);
                    }
                }
                case XMLStreamConstants.DTD,
                        XMLStreamConstants.ENTITY_REFERENCE,
                        XMLStreamConstants.ENTITY_DECLARATION,
                        XMLStreamConstants.NOTATION_DECLARATION,
                        XMLStreamConstants.PROCESSING_INSTRUCTION ->
                        throw malformed();
                default -> {
                    // Comments, space and the document's end carry nothing.
                }
            }
        }
        if (root == null) {
            throw malformed();
        }
        return root;
    }

    private static void checkNamespace(@Nullable String namespace) {
        // Old clients leave it out, or write it without the last slash.
        if (namespace != null
                && !namespace.isEmpty()
                && !namespace.equals(NAMESPACE)
                && !NAMESPACE.startsWith(namespace)) {
            throw malformed();
        }
    }
}
