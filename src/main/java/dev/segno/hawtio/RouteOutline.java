package dev.segno.hawtio;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;

/**
 * What a diagram needs of routes: which nodes there are, how they stand in each other, and what they are called. Camel puts
 * the values of settings into the XML of routes; here expressions, options of endpoints and paths of addresses are left out,
 * so none of them is shown. Stateless, hence safe for concurrent use.
 */
final class RouteOutline {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Set<String> ATTRIBUTES =
            Set.of("id", "group", "routeConfigurationId", "nodePrefixId", "template", "kamelet");

    private RouteOutline() {}

    /** The answer to requests, with the XML of routes in it cut down to outlines. */
    static String inAnswer(String answer) {
        try {
            JsonNode all = JSON.readTree(answer);
            if (all.isArray()) {
                all.forEach(RouteOutline::cut);
            } else {
                cut(all);
            }
            return JSON.writeValueAsString(all);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Jolokia answers in JSON", e);
        }
    }

    private static void cut(JsonNode answer) {
        String operation = answer.path("request").path("operation").asText();
        if (answer instanceof ObjectNode object && operation.startsWith("dumpRoute") && !operation.contains("Stats")) {
            object.put("value", of(answer.path("value").asText()));
        }
    }

    /** The outline of routes in XML; of what is none an empty text. */
    static String of(String xml) {
        try {
            XMLInputFactory input = XMLInputFactory.newInstance();
            input.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            input.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
            XMLStreamReader reader = input.createXMLStreamReader(new StringReader(xml));
            StringWriter text = new StringWriter();
            XMLStreamWriter writer = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
            while (reader.hasNext()) {
                int event = reader.next();
                if (event == XMLStreamConstants.START_ELEMENT) {
                    begin(reader, writer);
                } else if (event == XMLStreamConstants.END_ELEMENT) {
                    writer.writeEndElement();
                }
            }
            writer.flush();
            return text.toString();
        } catch (XMLStreamException e) {
            return "";
        }
    }

    private static void begin(XMLStreamReader reader, XMLStreamWriter writer) throws XMLStreamException {
        writer.writeStartElement(reader.getLocalName());
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            String name = reader.getAttributeLocalName(i);
            if (name.equals("uri")) {
                writer.writeAttribute(name, endpoint(reader.getAttributeValue(i)));
            } else if (ATTRIBUTES.contains(name)) {
                writer.writeAttribute(name, reader.getAttributeValue(i));
            }
        }
    }

    /** Without options; of an address only the host, for webhooks have secrets in their paths. */
    static String endpoint(String uri) {
        String plain = uri.replaceFirst("\\?.*", "");
        return plain.replaceFirst("^(https?:(?://)?)(?:[^/@]*@)?([^/]*)/.*", "$1$2/…");
    }
}
