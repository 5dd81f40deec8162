# fish completion of jacobian: the program itself says what may stand there.
function __jacobian_candidates
    set -l words (commandline -opc) (commandline -ct)
    for line in ($words[1] --complete $words[2..-1] 2>/dev/null)
        if test "$line" = @files
            __fish_complete_path (commandline -ct)
        else
            echo $line
        end
    end
end
complete -c jacobian -f -a '(__jacobian_candidates)'
