package dev.segno.security;

import dev.segno.Segno;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.URI;
import java.util.HashMap;

/** Runs the program, and says at its end what becomes of a serialized object in its process. */
public final class SerializedObjectsProbe {

    private SerializedObjectsProbe() {}

    /** What looks up a name as soon as it is read: the usual way to find out whether somebody reads such objects. */
    public static byte[] lookingUpAName() throws IOException {
        HashMap<Object, Integer> map = new HashMap<>();
        map.put(URI.create("http://127.0.0.1/").toURL(), 1);
        return bytes(map);
    }

    static byte[] bytes(Object object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }

    /** The arguments are those of the program. */
    public static void main(String[] args) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> System.out.println(
                        "without a filter of its own: " + read(false) + ", with one: " + read(true))));
        Segno.main(args);
    }

    private static String read(boolean own) {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(lookingUpAName()))) {
            if (own) {
                in.setObjectInputFilter(ObjectInputFilter.Config.createFilter("java.**"));
            }
            in.readObject();
            return "read";
        } catch (InvalidClassException e) {
            return "refused";
        } catch (IOException | ClassNotFoundException e) {
            return e.toString();
        }
    }
}
