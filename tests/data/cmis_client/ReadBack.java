import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Calendar;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.chemistry.opencmis.client.api.Document;
import org.apache.chemistry.opencmis.client.api.Property;
import org.apache.chemistry.opencmis.client.api.Session;
import org.apache.chemistry.opencmis.client.runtime.SessionFactoryImpl;
import org.apache.chemistry.opencmis.commons.SessionParameter;

/** Prints one document as another client reads it: `name = value` a line, values of several joined by " | ". */
public class ReadBack {
    public static void main(String[] arguments) throws Exception {
        Map<String, String> parameters = new HashMap<>();
        boolean browser = arguments[0].equals("browser");
        parameters.put(SessionParameter.BINDING_TYPE, arguments[0]);
        parameters.put(browser ? SessionParameter.BROWSER_URL : SessionParameter.ATOMPUB_URL, arguments[1]);
        parameters.put(SessionParameter.REPOSITORY_ID, arguments[2]);
        parameters.put(SessionParameter.USER, "khác");
        parameters.put(SessionParameter.PASSWORD, "any");
        Session session = SessionFactoryImpl.newInstance().createSession(parameters);
        Document document = (Document) session.getObject(arguments[3]);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (Property<?> property : document.getProperties()) {
            out.println(property.getId() + " = " + text(property.getValues()));
        }
        out.println("versions = " + document.getAllVersions().size());
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream stream = document.getContentStream().getStream()) {
            byte[] piece = new byte[65536];
            for (int read = stream.read(piece); read >= 0; read = stream.read(piece)) {
                digest.update(piece, 0, read);
            }
        }
        StringBuilder hash = new StringBuilder();
        for (byte each : digest.digest()) {
            hash.append(String.format("%02x", each));
        }
        out.println("sha256 = " + hash);
    }

    private static String text(List<?> values) {
        StringBuilder joined = new StringBuilder();
        for (Object value : values) {
            joined.append(joined.length() == 0 ? "" : " | ");
            joined.append(value instanceof Calendar ? ((Calendar) value).toInstant() : value);
        }
        return joined.toString();
    }
}
