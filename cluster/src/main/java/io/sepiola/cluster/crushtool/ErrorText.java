package io.sepiola.cluster.crushtool;

import io.sepiola.crush.CrushRefusal;

/** Error numbers as Linux words them. */
final class ErrorText {
    private ErrorText() {}

    static String of(int errorNumber) {
        String text =
                switch (errorNumber) {
                    case CrushRefusal.ABSENT -> "No such file or directory";
                    case CrushRefusal.BUSY -> "Device or resource busy";
                    case CrushRefusal.PRESENT -> "File exists";
                    case CrushRefusal.INVALID -> "Invalid argument";
                    case CrushRefusal.NOT_EMPTY -> "Directory not empty";
                    case CrushRefusal.LOOP -> "Too many levels of symbolic links";
                    case CrushRefusal.OVERFLOW -> "Value too large for defined data type";
                    default -> "Unknown error " + errorNumber;
                };
        return "(" + errorNumber + ") " + text;
    }
}
